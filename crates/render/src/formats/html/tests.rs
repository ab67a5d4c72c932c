//! The page's text. That it works when it runs, `cargo xtask browser` shows.

use serde_json::Value;

use super::*;
use crate::escape::{escape, is_treacherous};
use crate::fixture::{BAD, SMALL, finding, full_report, hostile_report, report, waived_report};

fn page_of(record: &Record<'_>) -> String {
    let mut out = Vec::new();
    html(record, Catalogue(&[&BAD, &SMALL]), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What stands between two texts, of which the first occurs once.
fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    assert_eq!(page.matches(start).count(), 1, "{start}");
    let (_, rest) = page.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

fn data_of(page: &str) -> Value {
    let data = between(page, r#"id="data">"#, "</script>");
    assert!(!data.contains(['<', '>', '&', '\n']));
    serde_json::from_str(data).unwrap()
}

#[test]
fn the_policy_names_the_only_script_and_the_only_style() {
    let page = page_of(&Record::of(&full_report()));
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    let script = between(&page, "<script>", "</script>");
    let style = between(&page, "<style>", "</style>");
    assert!(policy.contains(&format!("script-src '{}';", hash(script))));
    assert!(policy.contains(&format!("style-src '{}';", hash(style))));
    assert!(policy.starts_with("default-src 'none';"));
    // RFC 6234's example, in base64.
    assert_eq!(
        hash("abc"),
        "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    );
}

#[test]
fn nothing_is_asked_for_from_outside() {
    let page = page_of(&Record::of(&full_report()));
    for outside in [
        " src=",
        "url(",
        "@import",
        "http:",
        "fetch(",
        "innerHTML",
        " style=",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    let addresses: Vec<_> = page.match_indices("https:").collect();
    assert_eq!(
        addresses,
        [],
        "only the icon's name space, which is in base64"
    );
}

#[test]
fn every_figure_is_that_of_the_report() {
    let page = page_of(&Record::of(&full_report()));
    assert!(page.contains("<h1>2 findings and 2 gaps</h1>"));
    assert!(page.contains(r#"<div class="critical"><dt>critical</dt><dd>1</dd></div>"#));
    assert!(page.contains(r#"<div class="low none"><dt>low</dt><dd>0</dd></div>"#));
    let bar = between(
        &page,
        r#"<svg class="bar whole" viewBox="0 0 2 1""#,
        "</svg>",
    );
    assert!(bar.contains(
        r#"<rect class="critical" x="0" width="1" height="1"/><rect class="high" x="1" width="1""#
    ));
    assert!(page.contains(
        r#"data-filter="file" data-value="deploy/api.yaml" title="deploy/api.yaml: 1 critical""#
    ));
    assert!(page.contains(r#"data-filter="chapter" data-value="Kubernetes Pod security""#));
    let data = data_of(&page);
    assert_eq!(data["findings"].as_array().unwrap().len(), 2);
    assert_eq!(data["controls"]["bad-thing"]["title"], "a bad thing");
    assert!(data["recommendations"]["PSC-01"].is_string());
}

#[test]
fn it_reads_without_script() {
    let page = page_of(&Record::of(&full_report()));
    let article = |number: u128| {
        let start = format!("id=\"v1-{number:032x}\">");
        between(&page, &start, "</article>")
    };
    let first = article(0);
    for said in [
        "does a bad thing</span>",
        "<bdi>deploy/api.yaml:31:26</bdi>",
        "<code>bad-thing</code> <span>a bad thing</span>",
        "<code>PSC-01</code>",
        "Deployment shop/api (apps/v1), container proxy, unit deploy",
        "1 (first things first)",
    ] {
        assert!(first.contains(said), "{said}\n{first}");
    }
    let second = article(1);
    assert!(
        second.contains("the Service that exposes it <code>svc.yaml:3:1</code>"),
        "{second}"
    );
    let gaps = between(&page, r#"<section class="part" id="gaps""#, "</section>");
    assert!(gaps.contains("deploy/broken.yaml:9:7") && gaps.contains("deploy/gone"));
    let open = between(
        &page,
        r#"<section class="part" id="not-assessed""#,
        "</section>",
    );
    assert!(open.contains("scan its folder as well"));
    let controls = between(
        &page,
        r#"<section class="part" id="controls""#,
        "</section>",
    );
    assert!(controls.contains("2 of 2 controls"));
}

#[test]
fn what_is_waived_is_there_with_its_reason() {
    let page = page_of(&Record::of(&waived_report()));
    let waived = between(&page, "<h3>Waived</h3>", "</article>");
    for said in [
        "loads a module",
        "<dd>me</dd>",
        "2027-01-31",
        "deploy/api.yaml:31<",
    ] {
        assert!(waived.contains(said), "{said}\n{waived}");
    }
    assert_eq!(
        data_of(&page)["waived"][0]["waiver"]["reason"],
        "loads a module"
    );
}

#[test]
fn nothing_found_is_not_nothing_looked_at() {
    let mut empty = report(vec![], vec![]);
    assert!(page_of(&Record::of(&empty)).contains("<h1>No findings</h1>"));
    empty.summary.objects = 0;
    assert!(page_of(&Record::of(&empty)).contains("<h1>No Kubernetes objects</h1>"));
    empty.gaps = full_report().gaps;
    let page = page_of(&Record::of(&empty));
    assert!(
        page.contains("<h1>No findings, but 2 gaps</h1>") && page.contains("not the whole truth")
    );
}

#[test]
fn without_script_it_says_how_many_are_left_out() {
    let findings = (0..620).map(|_| finding(&SMALL, "a.yaml", 1)).collect();
    let page = page_of(&Record::of(&report(findings, vec![])));
    assert_eq!(page.matches("<article").count(), 500);
    assert!(page.contains("120 findings more: this page shows them when scripts may run."));
    assert_eq!(data_of(&page)["findings"].as_array().unwrap().len(), 620);
}

#[test]
fn hostile_names_stay_text() {
    const HOSTILE: &str =
        "</script><script>alert(1)</script><img src=x onerror=alert(2)>' onload='x <!-- ";
    let mut json = Vec::new();
    crate::json(&hostile_report(), &mut json).unwrap();
    let json = String::from_utf8(json).unwrap().replace("forged", HOSTILE);
    let record = Record::read(&json).unwrap();
    let page = page_of(&record);
    let own = page_of(&Record::of(&hostile_report()));
    let markup = |page: &str, it: &str| {
        page.split("id=\"data\">")
            .next()
            .unwrap()
            .matches(it)
            .count()
    };
    for hostile in ["<script", "</script", "<img", "<!--", "onload='"] {
        assert_eq!(markup(&page, hostile), markup(&own, hostile), "{hostile}");
    }
    assert_eq!(page.matches("</script").count(), 2);
    let plain = |c: char| c == '\n' || !is_treacherous(c);
    assert!(page.chars().all(plain));
    let data = data_of(&page);
    assert_eq!(
        data["findings"][0]["message"],
        *escape(&record.findings[0].message)
    );
    assert_eq!(
        data["waived"][0]["waiver"]["reason"],
        *escape(&record.waived[0].waiver.reason)
    );
}
