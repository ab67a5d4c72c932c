//! Lines of a rendering and the template lines behind them, with twins as Helm prints them.

use super::*;
use crate::chart::mark::mark;

const TEMPLATE: &str = "\
kind: Pod
metadata:
  labels:
    {{- include \"labels\" . | nindent 4 }}
spec:
  {{- range .Values.names }}
  - name: {{ . }}
  {{- end }}
  sum: {{ include \"x\" . | sha256sum }}
";

/// The origin of each line when a template printed `plain`, and its marked twin what `marked` makes of its lines.
fn origins(plain: &str, marked: Option<&str>) -> Vec<(u32, bool)> {
    let mut map = LineMap::new("web/Chart.yaml".into());
    let templates = [Template {
        path: "web/templates/a.yaml".to_owned(),
        file: "templates/a.yaml",
        text: TEMPLATE,
        source: map.add("web/templates/a.yaml".into(), TEMPLATE.to_owned()),
        unmarked: mark(0, TEMPLATE).unmarked,
    }];
    trace(plain, marked, &templates, &mut map);
    let steps = map.steps().iter();
    steps
        .map(|step| {
            step.as_ref()
                .map_or((0, false), |step| (step.line, step.exact))
        })
        .collect()
}

fn m(line: u32) -> String {
    format!(" #\u{e000}0:{line}\u{e001}")
}

const PLAIN: &str = "\
---
# Source: web/templates/a.yaml
kind: Pod
metadata:
  labels:
    a: b
    c: d
spec:
  - name: x
  - name: y
  sum: 123
";

fn twin() -> String {
    [
        "---\n# Source: web/templates/a.yaml\n".to_owned(),
        format!("kind: Pod{}\nmetadata:{}\n  labels:{}\n", m(1), m(2), m(3)),
        format!("    a: b\n    c: d{}\nspec:{}{}\n", m(4), m(5), m(6)),
        format!("  - name: x{}{}\n  - name: y{}{}\n", m(7), m(6), m(7), m(8)),
        format!("  sum: 456{}\n", m(9)),
    ]
    .concat()
}

#[test]
fn every_line_finds_its_template_line() {
    let lines: Vec<_> = origins(PLAIN, Some(&twin()));
    let expected = [
        (1, true),
        (2, true),
        (3, true),
        (4, false),
        (4, true),
        (5, true),
        (7, true),
        (7, true),
        (9, false),
    ];
    assert_eq!(lines.get(2..), Some(&expected[..]));
}

#[test]
fn lines_that_marks_keep_at_the_ends_do_not_shift_the_pairs() {
    let bare = m(1).trim_start().to_owned();
    let above = "---\n# Source: web/templates/a.yaml\n";
    let twin = twin().replace(above, &format!("{above}{bare}\n"));
    let origins = origins(PLAIN, Some(&(twin + &m(9) + "\n\n")));
    assert_eq!(origins.get(2..4), Some(&[(1, true), (2, true)][..]));
    assert_eq!(origins.last(), Some(&(9, false)));
}

#[test]
fn without_a_twin_lines_are_about_where_the_same_text_stands() {
    let lines = origins(PLAIN, None);
    let expected = [1, 2, 3, 1, 1, 5, 1, 1, 1].map(|line| (line, false));
    assert_eq!(lines.get(2..), Some(&expected[..]));
}

#[test]
fn marks_that_are_left_of_nothing_do_not_shift_the_pairs() {
    let nothing = format!("---\n# Source: web/templates/a.yaml\n{}\n", m(3));
    let lines = origins(PLAIN, Some(&(nothing + &twin())));
    assert_eq!(lines.get(2), Some(&(1, true)));
}
