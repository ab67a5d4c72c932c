//! Tokens to a tree, with CEL's precedences and macros. How deep an expression may nest is bounded here, so that
//! nothing that walks a tree has to care.

use crate::lexer::{Token, tokens};
use crate::syntax::{DEPTH as TREE, Expr, Fold, Form, How, Offset, Operator, Refusal};

/// The tree of a text.
pub(crate) fn parse(text: &str) -> Result<Expr, Refusal> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let parsed = parser.expression().and_then(|expr| match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected()),
    });
    parsed.map_err(|refusal| refusal.locate(text))
}

/// The API server's parser gives up at 250.
const DEPTH: usize = 100;
/// Operators in one row, which nest to the left.
const ROW: usize = 200;

/// Words that are no names.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

const RELATIONS: &[(&str, Operator)] = &[
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
];
const SUMS: &[(&str, Operator)] = &[("+", Operator::Add), ("-", Operator::Subtract)];
const PRODUCTS: &[(&str, Operator)] = &[
    ("*", Operator::Multiply),
    ("/", Operator::Divide),
    ("%", Operator::Modulo),
];

struct Parser {
    tokens: Vec<(Offset, Token)>,
    next: usize,
    depth: usize,
}

type Parsed = Result<Expr, Refusal>;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    fn at(&self) -> Offset {
        let last = self.tokens.last().map_or(0, |(at, _)| *at);
        self.tokens.get(self.next).map_or(last, |(at, _)| *at)
    }

    fn unexpected(&self) -> Refusal {
        let what = match self.peek() {
            Token::End => "the expression ends too early".to_owned(),
            Token::Name(name) => format!("{name:?} is not expected here"),
            Token::Sign(sign) => format!("{sign:?} is not expected here"),
            _ => "a value is not expected here".to_owned(),
        };
        Refusal::invalid(self.at(), what)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), Refusal> {
        if self.accept(sign) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn deeper<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Refusal::unsupported(self.at(), "nesting that deep"));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn expression(&mut self) -> Parsed {
        self.deeper(Self::choice)
    }

    fn choice(&mut self) -> Parsed {
        let condition = self.or()?;
        let at = self.at();
        if !self.accept("?") {
            return Ok(condition);
        }
        let yes = self.or()?;
        self.expect(":")?;
        let no = self.expression()?;
        let form = Form::Choice(Box::new(condition), Box::new(yes), Box::new(no));
        node(at, form)
    }

    /// Operands between `sign`s as a balanced tree: the order of `||` and `&&` does not matter.
    fn row(
        &mut self,
        sign: &str,
        operand: fn(&mut Self) -> Parsed,
        join: fn(Box<Expr>, Box<Expr>) -> Form,
    ) -> Parsed {
        let mut operands = vec![operand(self)?];
        while self.accept(sign) {
            operands.push(operand(self)?);
        }
        while operands.len() > 1 {
            let mut pairs = Vec::with_capacity(operands.len().div_ceil(2));
            let mut left = operands.into_iter();
            while let Some(one) = left.next() {
                pairs.push(match left.next() {
                    Some(other) => node(one.at, join(Box::new(one), Box::new(other)))?,
                    None => one,
                });
            }
            operands = pairs;
        }
        operands.pop().ok_or_else(|| self.unexpected())
    }

    fn or(&mut self) -> Parsed {
        self.row("||", Self::and, Form::Or)
    }

    fn and(&mut self) -> Parsed {
        self.row("&&", Self::relation, Form::And)
    }

    fn relation(&mut self) -> Parsed {
        self.binary(RELATIONS, Self::sum)
    }

    fn sum(&mut self) -> Parsed {
        self.binary(SUMS, Self::product)
    }

    fn product(&mut self) -> Parsed {
        self.binary(PRODUCTS, Self::unary)
    }

    fn binary(
        &mut self,
        operators: &[(&str, Operator)],
        operand: fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let mut left = operand(self)?;
        for _ in 0..ROW {
            let at = self.at();
            let operator = match self.peek() {
                Token::Sign(sign) => operators
                    .iter()
                    .find(|(known, _)| known == sign)
                    .map(|(_, operator)| *operator),
                Token::Name(name) if name == "in" && operators.len() > 3 => Some(Operator::In),
                _ => None,
            };
            let Some(operator) = operator else {
                return Ok(left);
            };
            self.next += 1;
            let right = operand(self)?;
            let form = Form::Binary(operator, Box::new(left), Box::new(right));
            left = node(at, form)?;
        }
        Err(Refusal::unsupported(
            self.at(),
            "that many operators in a row",
        ))
    }

    fn unary(&mut self) -> Parsed {
        let at = self.at();
        let mut count = 0_usize;
        if self.accept("!") {
            count += 1;
            while self.accept("!") {
                count += 1;
            }
            let inner = self.deeper(Self::member)?;
            let once = Form::Not(Box::new(inner));
            let once = node(at, once)?;
            // An even number still wants a boolean.
            return match count % 2 {
                1 => Ok(once),
                _ => node(at, Form::Not(Box::new(once))),
            };
        }
        if let (Token::Sign("-"), Some((_, number))) = (self.peek(), self.tokens.get(self.next + 1))
        {
            let form = match number {
                Token::Int(number) if *number == 1 << 63 => Some(Form::Int(i64::MIN)),
                Token::Int(number) => i64::try_from(*number).ok().map(|number| Form::Int(-number)),
                Token::Double(number) => Some(Form::Double(-number)),
                _ => None,
            };
            if let Some(form) = form {
                self.next += 2;
                let literal = node(at, form)?;
                return self.members(literal);
            }
        }
        while self.accept("-") {
            count += 1;
        }
        let inner = self.deeper(Self::member)?;
        let negate = |inner| node(at, Form::Negate(Box::new(inner)));
        match count {
            0 => Ok(inner),
            count if count % 2 == 1 => negate(inner),
            _ => negate(negate(inner)?),
        }
    }

    fn member(&mut self) -> Parsed {
        let primary = self.primary()?;
        self.members(primary)
    }

    fn members(&mut self, mut of: Expr) -> Parsed {
        for _ in 0..ROW {
            let at = self.at();
            if self.accept(".?") {
                let field = self.field()?;
                of = node(
                    at,
                    Form::Select {
                        of: Box::new(of),
                        field,
                        optional: true,
                    },
                )?;
            } else if self.accept(".") {
                let field = self.field()?;
                of = match self.accept("(") {
                    true => call(at, Some(of), field, self.arguments(")")?)?,
                    false => node(
                        at,
                        Form::Select {
                            of: Box::new(of),
                            field,
                            optional: false,
                        },
                    )?,
                };
            } else if self.accept("[?") {
                of = self.index(at, of, true)?;
            } else if self.accept("[") {
                of = self.index(at, of, false)?;
            } else {
                return Ok(of);
            }
        }
        Err(Refusal::unsupported(
            self.at(),
            "that many selections in a row",
        ))
    }

    fn index(&mut self, at: Offset, of: Expr, optional: bool) -> Parsed {
        let key = Box::new(self.expression()?);
        self.expect("]")?;
        node(
            at,
            Form::Index {
                of: Box::new(of),
                key,
                optional,
            },
        )
    }

    fn field(&mut self) -> Result<String, Refusal> {
        match self.peek().clone() {
            Token::Name(name) if !matches!(&*name, "in" | "true" | "false" | "null") => {
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn arguments(&mut self, end: &str) -> Result<Vec<Expr>, Refusal> {
        let mut arguments = Vec::new();
        if self.accept(end) {
            return Ok(arguments);
        }
        loop {
            if matches!(self.peek(), Token::Sign("?")) {
                return Err(Refusal::unsupported(
                    self.at(),
                    "an optional item of a literal",
                ));
            }
            arguments.push(self.expression()?);
            if self.accept(end) {
                return Ok(arguments);
            }
            self.expect(",")?;
            // A list may end with a comma, a call may not.
            if end == "]" && self.accept(end) {
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let at = self.at();
        let token = self.peek().clone();
        self.next += 1;
        let form = match token {
            Token::Int(number) => match i64::try_from(number) {
                Ok(number) => Form::Int(number),
                Err(_) => return Err(Refusal::invalid(at, "the number does not fit")),
            },
            Token::Uint(number) => Form::Uint(number),
            Token::Double(number) => Form::Double(number),
            Token::Str(text) => Form::Str(text),
            Token::Bytes(bytes) => Form::Bytes(bytes),
            Token::Name(name) => return self.named(at, name),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => Form::List(self.arguments("]")?),
            Token::Sign("{") => Form::Map(self.entries()?),
            Token::Sign("[?") => {
                return Err(Refusal::unsupported(at, "an optional item of a literal"));
            }
            Token::Sign(".") => {
                return Err(Refusal::unsupported(at, "a name that begins with a dot"));
            }
            Token::Sign(_) | Token::End => {
                self.next -= 1;
                return Err(self.unexpected());
            }
        };
        node(at, form)
    }

    fn named(&mut self, at: Offset, name: String) -> Parsed {
        let form = match &*name {
            "true" => Form::Bool(true),
            "false" => Form::Bool(false),
            "null" => Form::Null,
            word if word == "in" || RESERVED.contains(&word) => {
                return Err(Refusal::invalid(at, format!("{word:?} is a reserved word")));
            }
            _ if self.accept("(") => return call(at, None, name, self.arguments(")")?),
            _ if matches!(self.peek(), Token::Sign("{")) => {
                return Err(Refusal::unsupported(at, format!("constructing a {name}")));
            }
            _ => Form::Name(name),
        };
        node(at, form)
    }

    fn entries(&mut self) -> Result<Vec<(Expr, Expr)>, Refusal> {
        let mut entries = Vec::new();
        while !self.accept("}") {
            if matches!(self.peek(), Token::Sign("?")) {
                return Err(Refusal::unsupported(
                    self.at(),
                    "an optional item of a literal",
                ));
            }
            let key = self.expression()?;
            self.expect(":")?;
            entries.push((key, self.expression()?));
            if !self.accept(",") && !matches!(self.peek(), Token::Sign("}")) {
                return Err(self.unexpected());
            }
        }
        Ok(entries)
    }
}

/// A node, unless the tree would become too deep.
fn node(at: Offset, form: Form) -> Parsed {
    let expr = Expr::new(at, form);
    match expr.depth > TREE {
        true => Err(Refusal::unsupported(at, "nesting that deep")),
        false => Ok(expr),
    }
}

/// A call, or the macro that it is.
fn call(at: Offset, of: Option<Expr>, name: String, args: Vec<Expr>) -> Parsed {
    match (of, &*name, args.len()) {
        (None, "has", 1) => has(at, args),
        (Some(over), _, 2..=4) => match macro_of(&name, args.len()) {
            Some((how, names)) => fold(at, over, how, names, args),
            None => node(
                at,
                Form::Call {
                    of: Some(Box::new(over)),
                    name,
                    args,
                },
            ),
        },
        (of, ..) => node(
            at,
            Form::Call {
                of: of.map(Box::new),
                name,
                args,
            },
        ),
    }
}

fn has(at: Offset, args: Vec<Expr>) -> Parsed {
    match args.into_iter().next().map(|argument| argument.form) {
        Some(Form::Select {
            of,
            field,
            optional: false,
        }) => node(at, Form::Has { of, field }),
        _ => Err(Refusal::invalid(at, "has() wants a field selection")),
    }
}

/// Which macro has this name and number of arguments, and how many of these are names.
fn macro_of(name: &str, arguments: usize) -> Option<(How, usize)> {
    Some(match (name, arguments) {
        ("all", 2) => (How::All, 1),
        ("exists", 2) => (How::Exists, 1),
        ("exists_one", 2) => (How::ExistsOne, 1),
        ("filter", 2) => (How::Filter, 1),
        ("map", 2 | 3) => (How::Map, 1),
        ("optMap", 2) => (How::OptMap, 1),
        ("optFlatMap", 2) => (How::OptFlatMap, 1),
        ("all", 3) => (How::All, 2),
        ("exists", 3) => (How::Exists, 2),
        ("exists_one" | "existsOne", 3) => (How::ExistsOne, 2),
        ("transformList", 3 | 4) => (How::Map, 2),
        ("transformMap", 3 | 4) => (How::TransformMap, 2),
        _ => return None,
    })
}

fn fold(at: Offset, over: Expr, how: How, names: usize, mut args: Vec<Expr>) -> Parsed {
    let body = args.pop();
    let only = (args.len() > names).then(|| args.pop()).flatten();
    let mut variables = Vec::new();
    for variable in args {
        match variable.form {
            Form::Name(name) => variables.push(name),
            _ => return Err(Refusal::invalid(variable.at, "a macro wants a name here")),
        }
    }
    let second = (names == 2).then(|| variables.pop()).flatten();
    match (variables.pop(), body) {
        (Some(first), Some(_)) if second.as_ref() == Some(&first) => {
            Err(Refusal::invalid(at, "a macro wants two different names"))
        }
        (Some(first), Some(body)) => {
            let fold = Fold {
                how,
                over,
                first,
                second,
                only,
                body,
            };
            node(at, Form::Fold(Box::new(fold)))
        }
        _ => Err(Refusal::invalid(
            at,
            "a macro wants a name and an expression",
        )),
    }
}
