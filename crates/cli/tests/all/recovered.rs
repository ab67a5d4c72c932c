//! What a reader of each machine format gets back: which findings there are, what is waived and how much could not be
//! looked at. Every reader is written from the format's own rules, not from our writers.

use std::collections::BTreeMap;

use quick_xml::events::Event;
use serde_json::Value;

/// What came back. `None` where a format has no place for it, which the documentation says.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Recovered {
    /// The control of each finding, by fingerprint.
    pub(crate) findings: BTreeMap<String, String>,
    pub(crate) waived: Option<usize>,
    pub(crate) gaps: usize,
}

/// Reads a report in a format.
pub(crate) fn recover(format: &str, text: &str) -> Recovered {
    match format {
        "json" => json(text),
        "jsonl" => jsonl(text),
        "sarif" => sarif(text),
        "junit" => junit(text),
        "github" => github(text),
        "gitlab" => gitlab(text),
        "csv" => csv(text),
        "openreports" | "policy-report" => policy_report(text),
        "oscal" => oscal(text),
        "openmetrics" => openmetrics(text),
        other => panic!("nobody reads {other} back: add a reader"),
    }
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("valid JSON")
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Recovered {
    fn found(&mut self, fingerprint: String, control: String) {
        let before = self.findings.insert(fingerprint, control);
        assert_eq!(before, None, "a fingerprint occurs once");
    }

    fn one_waived(&mut self) {
        *self.waived.get_or_insert(0) += 1;
    }

    fn with_waived() -> Recovered {
        Recovered {
            waived: Some(0),
            ..Recovered::default()
        }
    }
}

fn json(text: &str) -> Recovered {
    let report = parse(text);
    let mut recovered = Recovered::with_waived();
    for finding in items(&report["findings"]) {
        recovered.found(word(&finding["fingerprint"]), word(&finding["control"]));
    }
    recovered.waived = Some(items(&report["waived"]).count());
    recovered.gaps = items(&report["gaps"]).count();
    recovered
}

fn jsonl(text: &str) -> Recovered {
    let mut recovered = Recovered::with_waived();
    for line in text.lines().map(parse) {
        match line["type"].as_str().unwrap() {
            "finding" => recovered.found(word(&line["fingerprint"]), word(&line["control"])),
            "waived" => recovered.one_waived(),
            "gap" => recovered.gaps += 1,
            _ => {}
        }
    }
    recovered
}

fn sarif(text: &str) -> Recovered {
    let run = parse(text)["runs"][0].take();
    let mut recovered = Recovered::with_waived();
    for result in items(&run["results"]) {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        if items(&result["suppressions"]).count() > 0 {
            recovered.one_waived();
        } else {
            let fingerprint = &result["partialFingerprints"]["plimsollFingerprint/v1"];
            recovered.found(word(fingerprint), word(&result["ruleId"]));
        }
    }
    let notifications = items(&run["invocations"][0]["toolExecutionNotifications"]);
    recovered.gaps = notifications.filter(|it| it["level"] == "error").count();
    let successful = run["invocations"][0]["executionSuccessful"] == true;
    assert_eq!(successful, recovered.gaps == 0);
    recovered
}

fn junit(text: &str) -> Recovered {
    let mut recovered = Recovered::with_waived();
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut class, mut failed) = (String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attribute = |name: &str| {
                    let attribute = tag.try_get_attribute(name).unwrap().unwrap();
                    attribute.unescape_value().unwrap().into_owned()
                };
                failed = tag.name().as_ref() == b"failure";
                match tag.name().as_ref() {
                    b"testcase" => class = attribute("classname"),
                    b"error" => recovered.gaps += 1,
                    b"skipped" if attribute("type") == "waived" => recovered.one_waived(),
                    _ => {}
                }
            }
            Event::Text(body) if failed => {
                let body = body.decode().unwrap();
                let fingerprint = body
                    .lines()
                    .find_map(|line| line.strip_prefix("fingerprint: "));
                if let Some(fingerprint) = fingerprint {
                    let control = class.strip_prefix("plimsoll.").unwrap();
                    recovered.found(fingerprint.to_owned(), control.to_owned());
                }
            }
            Event::Eof => return recovered,
            _ => {}
        }
    }
}

fn github(text: &str) -> Recovered {
    let mut recovered = Recovered::default();
    for line in text.lines().filter(|line| line.starts_with("::")) {
        let (properties, message) = line[2..].split_once("::").unwrap();
        let (_, title) = properties.split_once("title=").unwrap();
        let (sort, name) = title.strip_suffix(']').unwrap().split_once('[').unwrap();
        match sort {
            "gap" => recovered.gaps += 1,
            _ => {
                let (_, fingerprint) = message.rsplit_once("%0Afingerprint ").unwrap();
                recovered.found(fingerprint.to_owned(), name.to_owned());
            }
        }
    }
    recovered
}

fn gitlab(text: &str) -> Recovered {
    let mut recovered = Recovered::default();
    for issue in items(&parse(text)) {
        let check = word(&issue["check_name"]);
        match check.starts_with("gap/") {
            true => recovered.gaps += 1,
            false => recovered.found(word(&issue["fingerprint"]), check),
        }
    }
    recovered
}

fn csv(text: &str) -> Recovered {
    let mut recovered = Recovered::with_waived();
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        match row["type"].as_str() {
            "finding" => recovered.found(row["fingerprint"].clone(), row["control"].clone()),
            "waived" => recovered.one_waived(),
            "gap" => recovered.gaps += 1,
            _ => {}
        }
    }
    recovered
}

fn policy_report(text: &str) -> Recovered {
    let list = parse(text);
    let mut recovered = Recovered::with_waived();
    for report in items(&list["items"]) {
        let mut counted = BTreeMap::new();
        for result in items(&report["results"]) {
            let sort = word(&result["result"]);
            *counted.entry(sort.clone()).or_insert(0) += 1;
            let fingerprint = &result["properties"]["fingerprint"];
            match (sort.as_str(), fingerprint.as_str()) {
                ("fail", Some(fingerprint)) => {
                    recovered.found(fingerprint.to_owned(), word(&result["policy"]));
                }
                ("skip", Some(_)) => recovered.one_waived(),
                ("error", _) => recovered.gaps += 1,
                _ => {}
            }
        }
        for (sort, count) in report["summary"].as_object().unwrap() {
            let counted: u64 = counted.get(sort).copied().unwrap_or_default();
            assert_eq!(count.as_u64(), Some(counted), "{sort}");
        }
    }
    recovered
}

fn oscal(text: &str) -> Recovered {
    let document = parse(text);
    let mut recovered = Recovered::with_waived();
    for observation in items(&document["assessment-results"]["results"][0]["observations"]) {
        let property = |name: &str| {
            let mut all = items(&observation["props"]);
            all.find(|it| it["name"] == name)
                .map(|it| word(&it["value"]))
        };
        match property("type").unwrap().as_str() {
            "finding" => {
                recovered.found(
                    property("fingerprint").unwrap(),
                    property("control").unwrap(),
                );
            }
            "waived" => recovered.one_waived(),
            "gap" => recovered.gaps += 1,
            _ => {}
        }
    }
    recovered
}

fn openmetrics(text: &str) -> Recovered {
    let mut recovered = Recovered::default();
    for line in text.lines() {
        let (sample, value) = line.rsplit_once(' ').unwrap();
        let label = |name: &str| {
            let (_, rest) = sample.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        match sample.split('{').next().unwrap() {
            "plimsoll_finding_info" => recovered.found(label("fingerprint"), label("control")),
            "plimsoll_waived" => recovered.waived = value.parse().ok(),
            "plimsoll_gaps" => recovered.gaps = value.parse().unwrap(),
            _ => {}
        }
    }
    recovered
}
