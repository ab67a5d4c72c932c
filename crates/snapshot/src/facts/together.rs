//! What the things of each namespace say together, summed up once: asking costs the same however many things there are.

use std::collections::HashMap;
use std::hash::Hash;

/// Sums by a key, such as the unit, and a namespace. What does not say its namespace may be in any.
#[derive(Clone, Debug)]
pub struct Together<'f, K, T> {
    said: HashMap<(K, Option<&'f str>), T>,
    all: HashMap<K, T>,
}

impl<K, T> Default for Together<'_, K, T> {
    fn default() -> Self {
        Together {
            said: HashMap::new(),
            all: HashMap::new(),
        }
    }
}

impl<'f, K: Copy + Eq + Hash, T: Default> Together<'f, K, T> {
    /// Adds a thing, which `add` puts into a sum.
    pub fn add(&mut self, key: K, namespace: Option<&'f str>, add: impl Fn(&mut T)) {
        add(self.said.entry((key, namespace)).or_default());
        add(self.all.entry(key).or_default());
    }

    /// The sums, at most two, of what may be in a namespace: what says it, and what says none. `None` may be any namespace.
    pub fn of(&self, key: K, namespace: Option<&'f str>) -> impl Iterator<Item = &T> + Clone {
        let sums = match namespace {
            Some(_) => [namespace, None].map(|said| self.said.get(&(key, said))),
            None => [self.all.get(&key), None],
        };
        sums.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_no_namespace_may_be_in_any() {
        let mut sums: Together<'_, &str, usize> = Together::default();
        for (namespace, number) in [(Some("shop"), 1), (Some("bank"), 10), (None, 100)] {
            sums.add("unit", namespace, |sum| *sum += number);
        }
        let of = |unit, namespace| sums.of(unit, namespace).sum::<usize>();
        assert_eq!(of("unit", Some("shop")), 101);
        assert_eq!(of("unit", Some("elsewhere")), 100);
        assert_eq!(of("unit", None), 111);
        assert_eq!(of("other", None), 0);
    }
}
