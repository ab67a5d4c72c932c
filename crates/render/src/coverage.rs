//! Which recommendations the controls serve, in part or not yet. Derived from the controls' own references and from
//! the list of what is known to be missing.

use plimsoll_control::Control;
use plimsoll_guide::Recommendation;

/// The controls that there are, and what they leave open.
#[derive(Clone, Debug)]
pub struct Coverage<'c> {
    /// All controls.
    pub controls: Vec<&'c Control>,
    /// Recommendations that the controls serve only in part, each with the clause that nothing looks at yet.
    pub missing: &'c [(&'static Recommendation, &'static str)],
}

/// How far a recommendation is served.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Served {
    /// Some control speaks to it and nothing is known to be missing.
    Whole,
    /// Some control speaks to it; the clause is missing.
    Partly(&'static str),
    /// Nothing speaks to it.
    NotYet,
}

impl Served {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Served::Whole => "served",
            Served::Partly(_) => "partly",
            Served::NotYet => "notYet",
        }
    }

    /// The clause that nothing looks at yet; `None` unless served in part.
    pub fn missing(self) -> Option<&'static str> {
        match self {
            Served::Partly(clause) => Some(clause),
            Served::Whole | Served::NotYet => None,
        }
    }
}

impl<'c> Coverage<'c> {
    /// The controls that speak to a recommendation, in the catalogue's order. Looks at each control.
    pub fn served_by<'a>(
        &'a self,
        recommendation: &'a Recommendation,
    ) -> impl Iterator<Item = &'c Control> + 'a {
        let serves = |control: &&Control| {
            control
                .head
                .guide
                .iter()
                .any(|served| served.id == recommendation.id)
        };
        self.controls.iter().copied().filter(serves)
    }

    /// How far a recommendation is served. Looks at each control.
    pub fn of(&self, recommendation: &Recommendation) -> Served {
        if self.served_by(recommendation).next().is_none() {
            return Served::NotYet;
        }
        let missing = self
            .missing
            .iter()
            .find(|(open, _)| open.id == recommendation.id);
        missing.map_or(Served::Whole, |(_, clause)| Served::Partly(clause))
    }
}
