//! The tree of an expression, with macros already recognised, and why an expression is not taken.

/// Where in the text, in bytes.
pub(crate) type Offset = usize;

/// One expression and where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) at: Offset,
    pub(crate) form: Form,
    /// How many nodes stand above one another, at most [`DEPTH`].
    pub(crate) depth: usize,
}

/// So deep may a tree be; the API server's parser gives up at 250.
pub(crate) const DEPTH: usize = 200;

impl Expr {
    pub(crate) fn new(at: Offset, form: Form) -> Expr {
        let depth = 1 + form
            .children()
            .into_iter()
            .map(|child| child.depth)
            .max()
            .unwrap_or(0);
        Expr { at, form, depth }
    }
}

impl Expr {
    /// Collects the fields that are selected from `name` itself, where no macro gives it another meaning.
    pub(crate) fn selected<'e>(&'e self, name: &str, fields: &mut Vec<&'e str>) {
        let is_name = |expr: &Expr| matches!(&expr.form, Form::Name(found) if found == name);
        match &self.form {
            Form::Select { of, field, .. } | Form::Has { of, field } if is_name(of) => {
                fields.push(field);
            }
            Form::Fold(fold) if fold.first == name || fold.second.as_deref() == Some(name) => {
                fold.over.selected(name, fields);
            }
            form => {
                let children = form.children().into_iter();
                children.for_each(|child| child.selected(name, fields));
            }
        }
    }
}

impl Form {
    fn children(&self) -> Vec<&Expr> {
        match self {
            Form::Null
            | Form::Bool(_)
            | Form::Int(_)
            | Form::Uint(_)
            | Form::Double(_)
            | Form::Str(_)
            | Form::Bytes(_)
            | Form::Name(_) => Vec::new(),
            Form::Select { of, .. } | Form::Has { of, .. } | Form::Not(of) | Form::Negate(of) => {
                vec![of]
            }
            Form::Index { of, key, .. } => vec![of, key],
            Form::List(items) => items.iter().collect(),
            Form::Map(entries) => entries
                .iter()
                .flat_map(|(key, value)| [key, value])
                .collect(),
            Form::Or(one, other) | Form::And(one, other) | Form::Binary(_, one, other) => {
                vec![one, other]
            }
            Form::Choice(condition, yes, no) => vec![condition, yes, no],
            Form::Call { of, args, .. } => of.as_deref().into_iter().chain(args).collect(),
            Form::Fold(fold) => {
                let mut children = vec![&fold.over, &fold.body];
                children.extend(&fold.only);
                children
            }
        }
    }
}

/// What it is.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Str(String),
    Bytes(Vec<u8>),
    Name(String),
    /// `of.field`, or `of.?field`.
    Select {
        of: Box<Expr>,
        field: String,
        optional: bool,
    },
    /// `has(of.field)`.
    Has {
        of: Box<Expr>,
        field: String,
    },
    /// `of[key]`, or `of[?key]`.
    Index {
        of: Box<Expr>,
        key: Box<Expr>,
        optional: bool,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `name(args)` or `of.name(args)`.
    Call {
        of: Option<Box<Expr>>,
        name: String,
        args: Vec<Expr>,
    },
    Fold(Box<Fold>),
}

/// A macro over a list or map.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) how: How,
    pub(crate) over: Expr,
    /// The item of a list or the key of a map; with `second`, the index or key.
    pub(crate) first: String,
    pub(crate) second: Option<String>,
    pub(crate) only: Option<Expr>,
    pub(crate) body: Expr,
}

/// Which macro.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum How {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
    TransformMap,
    /// `optMap` and `optFlatMap` of an optional value.
    OptMap,
    OptFlatMap,
}

/// An operator between two values.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl Operator {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::In => "in",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Modulo => "%",
        }
    }
}

/// Whose refusal it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum RefusalKind {
    /// The API server does not take it either: a syntax error, an undeclared name, types that do not go together.
    Invalid,
    /// The API server may take it; this crate does not do it.
    Unsupported,
}

/// Why an expression is not compiled.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{what} (line {line}, column {column} of the expression)")]
pub struct Refusal {
    /// Whose refusal it is.
    pub kind: RefusalKind,
    /// What is wrong, or unsupported.
    pub what: String,
    /// From 1.
    pub line: usize,
    /// From 1, in code points.
    pub column: usize,
    offset: Offset,
}

impl Refusal {
    pub(crate) fn invalid(at: Offset, what: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Invalid, at, what.into())
    }

    pub(crate) fn unsupported(at: Offset, what: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Unsupported, at, what.into())
    }

    fn new(kind: RefusalKind, offset: Offset, what: String) -> Refusal {
        Refusal {
            kind,
            what,
            line: 1,
            column: 1,
            offset,
        }
    }

    /// Fills in line and column.
    pub(crate) fn locate(mut self, text: &str) -> Refusal {
        let before = text.get(..self.offset).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or_default();
        self.line = before.matches('\n').count() + 1;
        self.column = last.chars().count() + 1;
        self
    }
}
