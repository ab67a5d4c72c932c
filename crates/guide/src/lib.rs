//! The register of recommendations as typed constants, one static for each: `PSC_01`, `AUTH_03`, `BEY_11`.
//!
//! Here live what the NSA/CISA Kubernetes Hardening Guidance, the sig-security working document and the Kubernetes
//! documentation ask for, and what of it is out of date. Which control serves a recommendation lives in the catalogue.
//! Invariant: `src/generated.rs` is written by `cargo xtask codegen` from `data/register.yaml` and never edited by hand.

#[rustfmt::skip]
mod generated;
mod words;

pub use generated::*;
pub use words::{Chapter, Evidence, Kind, Severity, Source, Threat};

/// One thing that the guide (or what stands beside it) asks for. All text is in the project's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// Stable id such as `PSC-01`; the static of the same name has an underscore.
    pub id: &'static str,
    /// What to do, in one line without a full stop.
    pub title: &'static str,
    /// The chapter that holds it.
    pub chapter: Chapter,
    /// The section or table within the chapter, or the page of the Kubernetes documentation.
    pub section: &'static str,
    /// What can be done with it by machine.
    pub kind: Kind,
    /// What is asked for.
    pub statement: &'static str,
    /// What is looked at, what passes, what fails.
    pub how: &'static str,
    /// What to change, or what can be generated.
    pub remedy: &'static str,
    /// To which Kubernetes versions it applies, and since when the means exist.
    pub versions: &'static str,
    /// How bad it is to ignore it, whatever the profile.
    pub severity: Severity,
    /// Against whom it helps.
    pub threats: &'static [Threat],
    /// What must be looked at to judge it; the first one matters most.
    pub evidence: &'static [Evidence],
    /// Ids of the CIS Kubernetes Benchmark 1.12.
    pub cis: &'static [&'static str],
    /// Ids of MITRE ATT&CK techniques.
    pub attack: &'static [&'static str],
    /// Ids of other recommendations that say more; [`find`] resolves each.
    pub related: &'static [&'static str],
    /// Where it comes from and how sure that is.
    pub source: Source,
    /// What the guide says that is outdated or wrong, and what to do instead; `None` where it still holds.
    pub superseded: Option<&'static str>,
    /// The printed page in v1.0 of the guide; `None` where v1.0 does not have it.
    pub page_v1_0: Option<u16>,
}

/// The recommendation with this id in any case (`psc-01`), or `None`. Looks at each in turn.
pub fn find(id: &str) -> Option<&'static Recommendation> {
    ALL.into_iter()
        .find(|recommendation| recommendation.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    static IN_A_STATIC: [&Recommendation; 2] = [&PSC_01, &APX_A];
    const IN_A_CONST: &Recommendation = &BEY_11;
    static ID_IN_A_STATIC: &[&str] = &[PSC_01.id];
    const ID_IN_A_CONST: &str = PSC_01.id;

    /// What the guide and the sig-security document ask for, without what goes beyond them.
    fn of_the_guide() -> impl Iterator<Item = &'static Recommendation> {
        ALL.into_iter()
            .filter(|recommendation| recommendation.chapter != Chapter::BeyondTheGuide)
    }

    fn texts(recommendation: &Recommendation) -> Vec<&'static str> {
        let mut texts = vec![
            recommendation.title,
            recommendation.section,
            recommendation.statement,
            recommendation.how,
            recommendation.remedy,
            recommendation.versions,
        ];
        texts.extend(recommendation.superseded);
        texts
    }

    #[test]
    fn usable_in_statics_and_constants() {
        assert_eq!(IN_A_STATIC[0].title, "Forbid privileged containers");
        assert_eq!(IN_A_CONST.severity, Severity::Critical);
        assert_eq!(ID_IN_A_STATIC, [ID_IN_A_CONST]);
    }

    #[test]
    fn ids_are_unique_and_each_part_is_complete() {
        let ids: BTreeSet<_> = ALL.iter().map(|recommendation| recommendation.id).collect();
        assert_eq!(ids.len(), 306);
        assert_eq!(of_the_guide().count(), 276);
    }

    #[test]
    fn every_kind_of_the_guide_is_complete() {
        let count = |kind| of_the_guide().filter(|r| r.kind == kind).count();
        assert_eq!(count(Kind::Check), 207);
        assert_eq!(count(Kind::Detection), 21);
        assert_eq!(count(Kind::Artifact), 14);
        assert_eq!(count(Kind::Process), 26);
        assert_eq!(count(Kind::Guidance), 8);
    }

    #[test]
    fn every_severity_of_the_guide_is_complete() {
        let count = |severity| of_the_guide().filter(|r| r.severity == severity).count();
        assert_eq!(count(Severity::Critical), 22);
        assert_eq!(count(Severity::High), 81);
        assert_eq!(count(Severity::Medium), 105);
        assert_eq!(count(Severity::Low), 68);
    }

    #[test]
    fn every_chapter_is_complete() {
        let counts =
            Chapter::ALL.map(|chapter| ALL.iter().filter(|r| r.chapter == chapter).count());
        assert_eq!(counts, [2, 4, 39, 64, 22, 83, 10, 14, 38, 30]);
    }

    #[test]
    fn related_ids_resolve_and_name_others() {
        for recommendation in ALL {
            for related in recommendation.related {
                let found = find(related).map(|found| found.id);
                assert_eq!(found, Some(*related), "{}", recommendation.id);
                assert_ne!(recommendation.id, *related);
            }
        }
    }

    #[test]
    fn every_field_that_a_reader_needs_is_filled() {
        for recommendation in ALL {
            let id = recommendation.id;
            assert!(!recommendation.evidence.is_empty(), "{id}: no evidence");
            assert!(!recommendation.threats.is_empty(), "{id}: no threats");
            for text in texts(recommendation) {
                assert!(!text.is_empty() && text.trim() == text, "{id}: {text:?}");
                assert!(
                    !text.contains('\n') && !text.contains("  "),
                    "{id}: {text:?}"
                );
            }
        }
    }

    #[test]
    fn page_numbers_belong_to_the_first_version() {
        for recommendation in ALL {
            if matches!(
                recommendation.source,
                Source::SigSecurity | Source::KubernetesDocs | Source::Project
            ) {
                assert_eq!(recommendation.page_v1_0, None, "{}", recommendation.id);
            }
            if matches!(
                recommendation.source,
                Source::GuideAssumed | Source::GuideDropped
            ) {
                assert!(recommendation.page_v1_0.is_some(), "{}", recommendation.id);
            }
        }
    }

    #[test]
    fn what_is_dropped_says_what_to_do_instead() {
        for id in [
            "POD-14", "PSC-01", "CP-08", "PORT-08", "SEC-05", "SEC-08", "AUTH-03", "AUD-07",
            "RES-07",
        ] {
            assert!(find(id).is_some_and(|r| r.superseded.is_some()), "{id}");
        }
        for recommendation in ALL.iter().filter(|r| r.source == Source::GuideDropped) {
            assert!(recommendation.superseded.is_some(), "{}", recommendation.id);
        }
    }

    #[test]
    fn no_text_names_a_file_of_a_secondary_source() {
        let names = [
            ".txt",
            ".pdf",
            "github.com",
            "transcription",
            "seed text",
            "kubernetes.md",
        ];
        for recommendation in ALL {
            for text in texts(recommendation) {
                let lower = text.to_lowercase();
                let hit = names.iter().find(|name| lower.contains(**name));
                assert_eq!(hit, None, "{}: {text}", recommendation.id);
                let long_hex =
                    |word: &str| word.len() >= 16 && word.bytes().all(|b| b.is_ascii_hexdigit());
                let hash = lower
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .find(|word| long_hex(word));
                assert_eq!(hash, None, "{}: {text}", recommendation.id);
            }
        }
    }

    #[test]
    fn find_takes_any_case_and_refuses_the_rest() {
        assert_eq!(find("psc-01"), Some(&PSC_01));
        assert_eq!(find("Apx-a"), Some(&APX_A));
        assert_eq!(find("PSC-1"), None);
        assert_eq!(find(""), None);
    }
}
