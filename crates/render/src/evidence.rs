//! Verdicts counted by control, as a report holds them and as a later run reads them back.

use std::collections::BTreeMap;

use plimsoll_control::Tally;
use serde::{Deserialize, Serialize};

use crate::record::{NotAReport, check_schema};

/// Verdicts of one control, counted by subject.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// Subjects with a finding.
    pub failed: usize,
    /// Subjects without.
    pub passed: usize,
    /// Subjects whose findings are waived.
    pub waived: usize,
    /// Subjects that could not be judged.
    pub not_assessed: usize,
}

/// Verdicts by control id.
pub type Evidence = BTreeMap<String, Counts>;

/// The verdicts of a report that was written earlier.
///
/// # Errors
/// [`NotAReport`] for anything but a report of this schema.
pub fn read_evidence(report: &str) -> Result<Evidence, NotAReport> {
    #[derive(Deserialize)]
    struct Read {
        schema: String,
        summary: Counted,
    }
    #[derive(Deserialize)]
    struct Counted {
        controls: Evidence,
    }
    let read: Read = serde_json::from_str(report)?;
    check_schema(read.schema)?;
    Ok(read.summary.controls)
}

/// The fingerprints of the findings of a report that was written earlier, also of those that it knew already. What was
/// waived in it is left out.
///
/// # Errors
/// [`NotAReport`] for anything but a report of this schema.
pub fn read_fingerprints(report: &str) -> Result<Vec<String>, NotAReport> {
    #[derive(Deserialize)]
    struct Named {
        schema: String,
    }
    #[derive(Deserialize)]
    struct Read {
        findings: Vec<Finding>,
        #[serde(default)]
        known: Vec<Finding>,
    }
    #[derive(Deserialize)]
    struct Finding {
        fingerprint: String,
    }
    let named: Named = serde_json::from_str(report)?;
    check_schema(named.schema)?;
    let read: Read = serde_json::from_str(report)?;
    let findings = read.findings.into_iter().chain(read.known);
    Ok(findings.map(|finding| finding.fingerprint).collect())
}

impl Counts {
    pub(crate) fn of(tally: Tally) -> Counts {
        Counts {
            failed: tally.failed,
            passed: tally.passed,
            waived: tally.waived,
            not_assessed: tally.not_assessed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{BAD, compared_report, full_report};

    fn written() -> String {
        let mut out = Vec::new();
        crate::json(&full_report(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fingerprints_come_back_also_of_what_was_known() {
        let mut out = Vec::new();
        crate::json(&compared_report(), &mut out).unwrap();
        let fingerprints = read_fingerprints(std::str::from_utf8(&out).unwrap());
        assert_eq!(
            fingerprints.unwrap(),
            [0_u128, 1].map(|number| format!("v1:{number:032x}"))
        );
        let newer = r#"{"schema": "plimsoll.report/v2"}"#;
        assert!(matches!(
            read_fingerprints(newer),
            Err(NotAReport::Newer(_))
        ));
        assert!(matches!(
            read_fingerprints("{}"),
            Err(NotAReport::Unreadable(_))
        ));
    }

    #[test]
    fn evidence_comes_back_from_what_was_written() {
        let evidence = read_evidence(&written()).unwrap();
        let counts = Counts {
            failed: 2,
            passed: 2,
            ..Counts::default()
        };
        assert_eq!(evidence[BAD.head.id], counts);
        assert!(matches!(
            read_evidence("[]"),
            Err(NotAReport::Unreadable(_))
        ));
        let other = r#"{"schema": "plimsoll.report/v9", "summary": {"controls": {}}}"#;
        assert!(
            matches!(read_evidence(other), Err(NotAReport::Newer(schema)) if schema.ends_with("v9"))
        );
        let foreign = r#"{"schema": "sarif", "summary": {"controls": {}}}"#;
        assert!(matches!(read_evidence(foreign), Err(NotAReport::Schema(_))));
    }
}
