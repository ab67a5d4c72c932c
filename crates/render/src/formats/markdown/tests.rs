//! The comment is read as GitHub reads it, by a parser of its Markdown.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;
use plimsoll_scan::Report;

use crate::fixture::{BAD, SMALL, finding, full_report, hostile_report, report, waived_report};

fn comment_of(record: &Record<'_>) -> String {
    let mut out = Vec::new();
    markdown(record, Catalogue(&[]), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn events(comment: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_GFM | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    Parser::new_ext(comment, options).collect()
}

fn rows(comment: &str) -> usize {
    let rows = events(comment).into_iter();
    rows.filter(|event| matches!(event, Event::Start(Tag::TableRow)))
        .count()
}

#[test]
fn the_first_line_is_always_the_same() {
    for report in [
        full_report(),
        waived_report(),
        hostile_report(),
        report(vec![], vec![]),
    ] {
        let comment = comment_of(&Record::of(&report));
        assert_eq!(comment.lines().next(), Some("<!-- plimsoll report -->"));
    }
}

#[test]
fn what_it_says() {
    let comment = comment_of(&Record::of(&full_report()));
    for said in [
        "### Plimsoll: 2 findings and 2 gaps\n",
        "\n| 1 | 1 | 0 | 0 | 0 | 2 | 1 |\n",
        "- <code>deploy/broken.yaml:9</code> unparsable: the mapping is not closed\n",
        "<details><summary><code>deploy/api.yaml</code>: 1 critical</summary>\n",
        "| **critical** | 31 | container \"proxy\" of Deployment shop/api does a bad thing | <code>bad-thing</code> |\n",
        "3 objects in 2 files",
    ] {
        assert!(comment.contains(said), "{said}\n{comment}");
    }
    assert!(!comment.contains("more"), "{comment}");
    // The counts, and one row for each finding.
    assert_eq!(rows(&comment), 1 + 2);
}

#[test]
fn lines_are_links_where_the_report_says_where_its_files_are() {
    let mut report = full_report();
    let base = "https://github.com/shop/web/blob/0123abc/";
    report.files_at = Some(base.to_owned());
    let comment = comment_of(&Record::of(&report));
    let link = format!("| [31]({base}deploy/api.yaml#L31) |");
    assert!(comment.contains(&link), "{comment}");
    assert_eq!(rows(&comment), 1 + 2);
}

#[test]
fn hostile_names_do_not_lead_links_astray() {
    let base = "https://github.com/shop/web/blob/0123abc/";
    let mut report = hostile_report();
    report.files_at = Some(base.to_owned());
    let comment = comment_of(&Record::of(&report));
    let links: Vec<_> = events(&comment)
        .into_iter()
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
            _ => None,
        })
        .collect();
    assert!(!links.is_empty());
    for link in links {
        let rest = link.strip_prefix(base).unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%#".contains(c);
        assert!(rest.chars().all(plain), "{link}");
    }
    report.files_at = Some("javascript:alert(1)/".to_owned());
    let comment = comment_of(&Record::of(&report));
    assert!(!comment.contains("]("), "{comment}");
}

#[test]
fn nothing_found_is_said_and_a_gap_not_forgotten() {
    let nothing = report(vec![], vec![]);
    let comment = comment_of(&Record::of(&nothing));
    assert!(comment.contains("### Plimsoll: no findings\n"));
    let gap = full_report().gaps.remove(0);
    let comment = comment_of(&Record::of(&report(vec![], vec![gap])));
    assert!(comment.contains("### Plimsoll: no findings, but 1 gap\n"));
}

/// Many findings in each of some files, whose ranks go from the last to the first.
fn large() -> Report {
    let findings = (0..3000).map(|index| finding(&SMALL, &format!("f{:02}.yaml", index % 20), 1));
    let mut large = report(findings.collect(), vec![]);
    for (index, reported) in large.findings.iter_mut().rev().enumerate() {
        reported.priority.rank = index + 1;
    }
    let worst = large.findings.last_mut().unwrap();
    worst.finding = finding(&BAD, "worst.yaml", 7).into();
    large
}

#[test]
fn a_comment_is_never_too_long_and_says_what_it_leaves_out() {
    let comment = comment_of(&Record::of(&large()));
    assert!(comment.len() <= LIMIT, "{}", comment.len());
    assert!(comment.len() > LIMIT / 2, "{}", comment.len());
    let shown = rows(&comment) - 1;
    let left = format!("**and {} more findings** in 20 files", 3000 - shown);
    assert!(comment.contains(&left), "{left}\n{comment}");
    let first = comment.find("<summary>").unwrap();
    assert!(comment[first..].starts_with("<summary><code>worst.yaml</code>: 1 critical</summary>"));
    assert!(comment.contains(" not shown)</summary>"), "{comment}");
}

#[test]
fn many_gaps_do_not_crowd_out_findings() {
    let gaps = vec![full_report().gaps.remove(0); 2000];
    let comment = comment_of(&Record::of(&report(vec![finding(&BAD, "a.yaml", 1)], gaps)));
    assert!(comment.len() <= LIMIT);
    assert!(comment.contains("- and "), "{comment}");
    assert_eq!(rows(&comment), 2);
}

#[test]
fn hostile_names_are_neither_markup_nor_call_anybody() {
    const HOSTILE: &str = "</summary></details>|<img src=x onerror=alert(1)> `code` *a* [a](http://b) @user #1 www.a.b";
    let mut json = Vec::new();
    crate::json(&hostile_report(), &mut json).unwrap();
    let json = String::from_utf8(json).unwrap().replace("forged", HOSTILE);
    let record = Record::read(&json).unwrap();
    let comment = comment_of(&record);
    assert_eq!(rows(&comment), 1 + record.findings.len());
    let mut own = 0;
    let mut code = false;
    for event in events(&comment) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                own += 1;
                code = html.ends_with("<code>");
                assert!(
                    !html.contains("<img") && !html.contains("</summary></details>"),
                    "{html}"
                );
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis) | Event::Code(_) => {
                panic!("{event:?}\n{comment}");
            }
            Event::Text(text) if !code => {
                for calls in ["@user", "#1 ", "://", "www.a"] {
                    assert!(!text.contains(calls), "{text}");
                }
            }
            _ => {}
        }
    }
    assert!(own > 0);
    let plain = |c: char| c == '\n' || !crate::escape::is_treacherous(c);
    assert!(comment.chars().all(plain), "{comment}");
}
