//! What reaches what in a directed graph, when a few of those that reach a place are enough. Knows numbers only.

use std::collections::VecDeque;

/// Places by their numbers, each with those behind it.
#[derive(Clone, Default, Debug)]
pub(super) struct Graph(Vec<Vec<usize>>);

/// Something that came to a place.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Reached {
    /// What came.
    pub(super) item: usize,
    /// The place behind its start by which it came.
    pub(super) by: usize,
}

impl Graph {
    /// This many places, with no ways between them.
    pub(super) fn of(places: usize) -> Graph {
        Graph(vec![Vec::new(); places])
    }

    /// A new place.
    pub(super) fn add(&mut self) -> usize {
        self.0.push(Vec::new());
        self.0.len() - 1
    }

    /// A way between two places.
    pub(super) fn link(&mut self, from: usize, to: usize) {
        self.0
            .get_mut(from)
            .into_iter()
            .for_each(|list| list.push(to));
    }

    /// The places behind one.
    pub(super) fn behind(&self, place: usize) -> &[usize] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }

    /// The same ways in the other direction.
    pub(super) fn reversed(&self) -> Graph {
        let mut other = Graph::of(self.0.len());
        for (from, list) in self.0.iter().enumerate() {
            list.iter().for_each(|to| other.link(*to, from));
        }
        other
    }

    /// For each place the first `most` items that come to it, each from its own starts. A place that has enough lets nothing more
    /// through, because what is behind it has as many: no way is gone more than `most` times, however many items there are.
    pub(super) fn flood<S: IntoIterator<Item = usize>>(
        &self,
        items: impl IntoIterator<Item = (usize, S)>,
        most: usize,
    ) -> Vec<Vec<Reached>> {
        let mut reached: Vec<Vec<Reached>> = vec![Vec::new(); self.0.len()];
        let mut next = VecDeque::new();
        for (item, starts) in items {
            next.extend(starts.into_iter().map(|start| (start, None)));
            while let Some((place, by)) = next.pop_front() {
                let Some(here) = reached.get_mut(place) else {
                    continue;
                };
                if here.len() < most && here.iter().all(|one| one.item != item) {
                    let by_place = by.unwrap_or(place);
                    here.push(Reached { item, by: by_place });
                    let behind = self.behind(place).iter();
                    next.extend(behind.map(|place| (*place, by.or(Some(*place)))));
                }
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(ways: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::of(5);
        ways.iter().for_each(|(from, to)| graph.link(*from, *to));
        graph
    }

    fn items(reached: &[Reached]) -> Vec<usize> {
        reached.iter().map(|one| one.item).collect()
    }

    #[test]
    fn a_place_keeps_the_first_that_come_and_how_they_came() {
        let graph = graph(&[(0, 2), (1, 2), (1, 3), (2, 3)]);
        let reached = graph.flood([(7, [0]), (8, [1]), (9, [0])], 2);
        assert_eq!(items(&reached[2]), [7, 8]);
        assert_eq!(
            reached[3],
            [Reached { item: 7, by: 2 }, Reached { item: 8, by: 3 }]
        );
        assert!(reached[4].is_empty());
    }

    #[test]
    fn circles_end_and_all_in_them_have_the_same() {
        let circle = graph(&[(0, 1), (1, 2), (2, 0), (2, 2)]);
        for graph in [circle.reversed(), circle] {
            let reached = graph.flood([(7, [0]), (8, [1]), (9, [2])], 2);
            assert!(reached[..3].iter().all(|here| items(here) == [7, 8]));
        }
    }
}
