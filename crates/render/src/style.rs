//! The few styles of all text output, so that one look means one thing everywhere.

use anstyle::{AnsiColor, Color, Style};
use plimsoll_control::Severity;

const fn colored(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}

/// Ordinary text.
pub(crate) const PLAIN: Style = Style::new();
/// Headings and messages.
pub(crate) const STRONG: Style = Style::new().bold();
/// Emphasis in prose.
pub(crate) const EMPHASIS: Style = Style::new().italic();
/// What frames a text without being part of it.
pub(crate) const FAINT: Style = colored(AnsiColor::Blue);
/// Code in prose, and commands.
pub(crate) const CODE: Style = colored(AnsiColor::Cyan);
/// What could not be looked at.
pub(crate) const GAP: Style = colored(AnsiColor::Magenta).bold();
/// What is fine.
pub(crate) const GOOD: Style = colored(AnsiColor::Green).bold();
/// What is not.
pub(crate) const BAD: Style = colored(AnsiColor::Red).bold();
/// What is so in part.
pub(crate) const PARTLY: Style = colored(AnsiColor::Yellow);

/// A line that comes.
pub(crate) const ADDED: Style = colored(AnsiColor::Green);
/// A line that goes.
pub(crate) const REMOVED: Style = colored(AnsiColor::Red);

/// The style of a severity.
pub(crate) const fn of(severity: Severity) -> Style {
    match severity {
        Severity::Critical => colored(AnsiColor::BrightRed).bold(),
        Severity::High => colored(AnsiColor::Red),
        Severity::Medium => colored(AnsiColor::Yellow),
        Severity::Low => colored(AnsiColor::Cyan),
    }
}
