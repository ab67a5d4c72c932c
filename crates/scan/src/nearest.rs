//! What was probably meant by a name that does not exist. Pure.

/// How alike two names must be for one to be meant by the other.
const ALIKE: f64 = 0.75;

/// At most `most` of the known names that are spelled alike, the most alike first; of equally alike ones the first by
/// name. Capitals do not matter. Empty when nothing is alike.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>, most: usize) -> Vec<&'k str> {
    let wanted = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&wanted, &known.to_lowercase());
    let mut alike: Vec<_> = known.map(|known| (likeness(known), known)).collect();
    alike.retain(|(likeness, _)| *likeness >= ALIKE);
    alike.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    alike.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        const NAMES: [&str; 4] = ["host-path", "host-ports", "privileged-container", "PSC-01"];
        let nearest = |id| nearest(id, NAMES.into_iter(), 3);
        assert_eq!(nearest("hostpath").first(), Some(&"host-path"));
        assert_eq!(nearest("priviledged-container"), ["privileged-container"]);
        assert_eq!(nearest("psc01"), ["PSC-01"]);
        assert!(nearest("zzzzzz").is_empty());
    }
}
