//! Which recommendations controls and generators serve, in part or not yet. Derived from their own references and from
//! the list of what is known to be missing.

use plimsoll_control::Control;
use plimsoll_guide::{Kind, Recommendation};

/// A kind of starting point that can be written, as far as the guide is concerned.
#[derive(Copy, Clone, Debug)]
pub struct Writes<'c> {
    /// Its name.
    pub id: &'c str,
    /// What it gives, in one line.
    pub title: &'c str,
    /// The recommendations that it serves.
    pub serves: &'c [&'static Recommendation],
}

/// What there is, and what it leaves open.
#[derive(Clone, Debug)]
pub struct Coverage<'c> {
    /// All controls.
    pub controls: Vec<&'c Control>,
    /// All generators.
    pub generators: Vec<Writes<'c>>,
    /// Recommendations that are served only in part, each with the clause that is missing still.
    pub missing: Vec<(&'static Recommendation, &'static str)>,
}

/// How far a recommendation is served.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Served {
    /// Something speaks to it and nothing is known to be missing.
    Whole,
    /// Something speaks to it; the clause is missing.
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

    /// The generators that speak to a recommendation, in their order. Looks at each.
    pub fn written_by<'a>(
        &'a self,
        recommendation: &'a Recommendation,
    ) -> impl Iterator<Item = Writes<'c>> + 'a {
        let speaks = |generator: &Writes<'_>| {
            let mut served = generator.serves.iter();
            served.any(|served| served.id == recommendation.id)
        };
        self.generators.iter().copied().filter(speaks)
    }

    /// How far a recommendation is served. Looks at each control and generator.
    pub fn of(&self, recommendation: &Recommendation) -> Served {
        let controls = self.served_by(recommendation).next().is_some();
        if !controls && self.written_by(recommendation).next().is_none() {
            return Served::NotYet;
        }
        let missing = self
            .missing
            .iter()
            .find(|(open, _)| open.id == recommendation.id);
        match missing {
            Some((_, clause)) => Served::Partly(clause),
            // A starting point answers what asks for one; whether a cluster is so, only a control can say.
            None if !controls && recommendation.kind != Kind::Artifact => {
                Served::Partly("a starting point is written; nothing looks at what is there")
            }
            None => Served::Whole,
        }
    }
}
