//! Names that are spelled alike, for advice after a slip of the finger.

/// At most three names that are spelled alike, the most alike first.
pub(crate) fn nearest<'n>(id: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    const ALIKE: f64 = 0.8;
    let wanted = id.to_ascii_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&wanted, &name.to_ascii_lowercase());
    let mut alike: Vec<_> = names.map(|name| (likeness(name), name)).collect();
    alike.retain(|(likeness, _)| *likeness >= ALIKE);
    alike.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    alike.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["host-path", "host-ports", "privileged-container", "PSC-01"];

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let nearest = |id| nearest(id, NAMES.into_iter());
        assert_eq!(nearest("hostpath").first(), Some(&"host-path"));
        assert_eq!(nearest("priviledged-container"), ["privileged-container"]);
        assert_eq!(nearest("psc01"), ["PSC-01"]);
        assert!(nearest("zzzzzz").is_empty());
    }
}
