//! Where results and complaints go: colour, width, and readers that stop reading.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

/// The width of text that does not go to a terminal, in columns.
pub(crate) const WIDTH: usize = 100;

/// Standard output for results.
pub(crate) struct Output {
    stream: BufWriter<AutoStream<io::Stdout>>,
    /// May colour be used?
    pub(crate) color: bool,
    /// Does it go to a terminal?
    pub(crate) terminal: bool,
    /// Columns to write text in.
    pub(crate) width: usize,
}

impl Output {
    /// Standard output, in colour and width as terminal, environment and arguments have it.
    pub(crate) fn new() -> Output {
        let stdout = io::stdout();
        let choice = AutoStream::choice(&stdout);
        let color = choice != ColorChoice::Never;
        // Without colour there is nothing to take out, and results must arrive byte for byte.
        let passed_on = if color {
            choice
        } else {
            ColorChoice::AlwaysAnsi
        };
        let width = terminal_size::terminal_size().filter(|_| stdout.is_terminal());
        Output {
            color,
            terminal: stdout.is_terminal(),
            width: width.map_or(WIDTH, |(width, _)| usize::from(width.0)),
            stream: BufWriter::with_capacity(1 << 16, AutoStream::new(stdout, passed_on)),
        }
    }

    /// Writes a result. A reader that has seen enough and closed its end is no error.
    pub(crate) fn write(
        &mut self,
        render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        match render(&mut self.stream).and_then(|()| self.stream.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}

/// Writes one line to standard error; there is nobody to tell if that fails.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}
