//! Types of values, and the table of functions that are done here: their forms, argument types and results. A name that
//! the API server knows and this table does not is listed beside it, so that it reads as unsupported and not as unknown.

/// A type, as far as it is known before evaluation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// Whatever it turns out to be, as all of `object` is.
    Dyn,
    /// `null`.
    Null,
    /// `true` and `false`.
    Bool,
    /// 64 bits with sign.
    Int,
    /// 64 bits without sign.
    Uint,
    /// IEEE 754, 64 bits.
    Double,
    /// Text; its size counts code points.
    Str,
    /// Bytes.
    Bytes,
    /// A list of something.
    List(Box<Type>),
    /// A map to something; keys are not followed.
    Map(Box<Type>),
    /// A type.
    Type,
    /// A Kubernetes quantity.
    Quantity,
    /// A value or none.
    Optional(Box<Type>),
}

impl Type {
    /// Its name in messages.
    pub fn name(&self) -> String {
        match self {
            Type::Dyn => "dyn".into(),
            Type::Null => "null".into(),
            Type::Bool => "bool".into(),
            Type::Int => "int".into(),
            Type::Uint => "uint".into(),
            Type::Double => "double".into(),
            Type::Str => "string".into(),
            Type::Bytes => "bytes".into(),
            Type::List(item) => format!("list({})", item.name()),
            Type::Map(value) => format!("map({})", value.name()),
            Type::Type => "type".into(),
            Type::Quantity => "quantity".into(),
            Type::Optional(value) => format!("optional({})", value.name()),
        }
    }

    /// Could a value be of both types?
    pub(crate) fn meets(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Dyn, _) | (_, Type::Dyn) => true,
            (Type::List(one), Type::List(other))
            | (Type::Map(one), Type::Map(other))
            | (Type::Optional(one), Type::Optional(other)) => one.meets(other),
            // What is no scalar may be null.
            (Type::Null, Type::Quantity | Type::Optional(_))
            | (Type::Quantity | Type::Optional(_), Type::Null) => true,
            (one, other) => one == other,
        }
    }

    /// The type of what may be either; they have to meet.
    pub(crate) fn join(self, other: Type) -> Type {
        match (self, other) {
            (Type::List(one), Type::List(other)) => Type::List(Box::new(one.join(*other))),
            (Type::Map(one), Type::Map(other)) => Type::Map(Box::new(one.join(*other))),
            (one, other) if one == other => one,
            _ => Type::Dyn,
        }
    }

    fn from_code(code: char) -> Type {
        match code {
            'n' => Type::Null,
            'b' => Type::Bool,
            'i' => Type::Int,
            'u' => Type::Uint,
            'd' => Type::Double,
            's' => Type::Str,
            'y' => Type::Bytes,
            'l' => Type::List(Box::new(Type::Dyn)),
            'L' => Type::List(Box::new(Type::Str)),
            'm' => Type::Map(Box::new(Type::Dyn)),
            't' => Type::Type,
            'q' => Type::Quantity,
            'o' => Type::Optional(Box::new(Type::Dyn)),
            _ => Type::Dyn,
        }
    }
}

/// How a function is called: `f(x)`, `x.f()`, either.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    Global,
    Member,
    Both,
}

use Style::{Both, Global, Member};

/// Name, style, and the forms: one letter for each argument (of members, what it is called on comes first), `>`, and the
/// result; `*` is anything.
pub(crate) const FUNCTIONS: &[(&str, Style, &[&str])] = &[
    ("size", Both, &["s>i", "y>i", "l>i", "m>i"]),
    ("type", Global, &["*>t"]),
    ("dyn", Global, &["*>*"]),
    ("int", Global, &["i>i", "u>i", "d>i", "s>i"]),
    ("uint", Global, &["u>u", "i>u", "d>u", "s>u"]),
    ("double", Global, &["d>d", "i>d", "u>d", "s>d"]),
    (
        "string",
        Global,
        &["s>s", "i>s", "u>s", "d>s", "b>s", "y>s"],
    ),
    ("bool", Global, &["b>b", "s>b"]),
    ("bytes", Global, &["y>y", "s>y"]),
    ("contains", Member, &["ss>b"]),
    ("startsWith", Member, &["ss>b"]),
    ("endsWith", Member, &["ss>b"]),
    ("matches", Both, &["ss>b"]),
    ("find", Member, &["ss>s"]),
    ("findAll", Member, &["ss>L", "ssi>L"]),
    ("charAt", Member, &["si>s"]),
    ("indexOf", Member, &["ss>i", "ssi>i", "l*>i"]),
    ("lastIndexOf", Member, &["ss>i", "ssi>i", "l*>i"]),
    ("lowerAscii", Member, &["s>s"]),
    ("upperAscii", Member, &["s>s"]),
    ("replace", Member, &["sss>s", "sssi>s"]),
    ("split", Member, &["ss>L", "ssi>L"]),
    ("join", Member, &["L>s", "Ls>s"]),
    ("substring", Member, &["si>s", "sii>s"]),
    ("trim", Member, &["s>s"]),
    ("format", Member, &["sl>s"]),
    ("isSorted", Member, &["l>b"]),
    ("sum", Member, &["l>*"]),
    ("min", Member, &["l>*"]),
    ("max", Member, &["l>*"]),
    ("sets.contains", Global, &["ll>b"]),
    ("sets.equivalent", Global, &["ll>b"]),
    ("sets.intersects", Global, &["ll>b"]),
    ("quantity", Global, &["s>q"]),
    ("isQuantity", Global, &["s>b"]),
    ("isInteger", Member, &["q>b"]),
    ("asInteger", Member, &["q>i"]),
    ("add", Member, &["qq>q", "qi>q"]),
    ("sub", Member, &["qq>q", "qi>q"]),
    ("isLessThan", Member, &["qq>b"]),
    ("isGreaterThan", Member, &["qq>b"]),
    ("compareTo", Member, &["qq>i"]),
    ("optional.of", Global, &["*>o"]),
    ("optional.none", Global, &[">o"]),
    ("hasValue", Member, &["o>b"]),
    ("value", Member, &["o>*"]),
    ("orValue", Member, &["o*>*"]),
    ("or", Member, &["oo>o"]),
];

/// What a Kubernetes 1.37 API server knows besides.
pub(crate) const NOT_DONE: &[&str] = &[
    "timestamp",
    "duration",
    "getFullYear",
    "getMonth",
    "getDayOfMonth",
    "getDate",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
    "asApproximateFloat",
    "sign",
    "optional.ofNonZeroValue",
    "unwrap",
    "unwrapOpt",
    "url",
    "isURL",
    "getScheme",
    "getHost",
    "getHostname",
    "getPort",
    "getEscapedPath",
    "getQuery",
    "ip",
    "isIP",
    "ip.isCanonical",
    "family",
    "isUnspecified",
    "isLoopback",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "isGlobalUnicast",
    "cidr",
    "isCIDR",
    "containsIP",
    "containsCIDR",
    "masked",
    "prefixLength",
    "semver",
    "isSemver",
    "major",
    "minor",
    "patch",
    "reverse",
    "strings.quote",
    "slice",
    "flatten",
    "distinct",
    "sort",
    "sortBy",
    "first",
    "last",
    "lists.range",
    "includes",
    "format.named",
    "validate",
    "transformMapEntry",
    "path",
    "group",
    "serviceAccount",
    "resource",
    "subresource",
    "namespace",
    "name",
    "check",
    "allowed",
    "reason",
    "errored",
    "error",
    "fieldSelector",
    "labelSelector",
];

/// Variables that a policy may use and that are not done here.
pub(crate) const NAMES_NOT_DONE: &[&str] = &["authorizer"];

/// Names of types, as values.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "dyn",
];

/// The result of a call. `None` when no form of the function takes such arguments.
pub(crate) fn result(forms: &[&str], arguments: &[Type]) -> Option<Type> {
    let mut result: Option<Type> = None;
    for form in forms {
        let (wanted, gives) = form.split_once('>').unwrap_or_default();
        let fits = wanted.chars().count() == arguments.len()
            && wanted
                .chars()
                .zip(arguments)
                .all(|(code, argument)| Type::from_code(code).meets(argument));
        if fits {
            let gives = gives.chars().next().map_or(Type::Dyn, Type::from_code);
            result = Some(match result {
                Some(other) => other.join(gives),
                None => gives,
            });
        }
    }
    result
}
