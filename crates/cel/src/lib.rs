//! Kubernetes CEL: an expression is compiled and then evaluated over values that borrow a document.
//!
//! An allow-list of forms and functions that agree with the API server; anything else is *unsupported* and says so with
//! its position, which is never a verdict. Knows no control, no policy and no file. Invariant: no expression and no
//! document, however hostile, makes this crate panic, recurse without bound or run for long.

mod check;
mod eval;
mod functions;
mod lexer;
mod number;
mod parser;
mod pattern;
mod quantity;
mod syntax;
mod types;
mod value;

pub use check::Declared;
pub use eval::{Budget, Fault, Names, Read};
pub use syntax::{Refusal, RefusalKind};
pub use types::Type;
pub use value::Value;

use syntax::Expr;

/// An expression that can be evaluated.
#[derive(Clone, Debug)]
pub struct Program {
    expr: Expr,
    result: Type,
}

impl Program {
    /// Compiles an expression that may use the declared names.
    ///
    /// # Errors
    /// What the API server refuses, and what this crate does not do; either way there is no verdict.
    pub fn compile(text: &str, declared: &Declared) -> Result<Program, Refusal> {
        let expr = parser::parse(text)?;
        let result = check::check(&expr, declared).map_err(|refusal| refusal.locate(text))?;
        Ok(Program { expr, result })
    }

    /// The type of its value, as far as it can be known beforehand.
    pub fn result(&self) -> &Type {
        &self.result
    }

    /// The fields that are selected from a name itself: of `request`, `kind` in `request.kind.group`.
    pub fn selected(&self, name: &str) -> Vec<&str> {
        let mut fields = Vec::new();
        self.expr.selected(name, &mut fields);
        fields
    }

    /// The value over `names`; what is done is taken from the budget.
    ///
    /// # Errors
    /// An error of evaluation, as on the API server, or that something is unsupported or not known here.
    pub fn evaluate<'a>(&self, names: &dyn Names<'a>, budget: &Budget) -> Result<Value<'a>, Fault> {
        self.trace(names, budget).0
    }

    /// [`Program::evaluate`], and what was read last to come to the value: of a demand on all items, what decided.
    pub fn trace<'a>(
        &self,
        names: &dyn Names<'a>,
        budget: &Budget,
    ) -> (Result<Value<'a>, Fault>, Option<Read<'a>>) {
        eval::evaluate(&self.expr, names, budget)
    }
}
