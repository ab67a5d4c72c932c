//! Admission policies with odd names in them: a text stays within its quotes and is that text to CEL, the expressions keep their form
//! whatever the names, and every bundle reads back.

use plimsoll_control::{Control, Rule};
use plimsoll_enforce::bundle::{Bundle, Namespaces, Scope, Staged, helm};
use plimsoll_enforce::{Exemption, Mutation, Policy, Stage, cel, kyverno};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::{parse, split};

use crate::model::Model;

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let quoted = cel::string(text);
    assert_eq!(
        tokens(&quoted),
        Some(vec![Token::Text(text.to_owned())]),
        "{quoted}"
    );
    let (odd, plain) = (policy(text), policy("plain"));
    let names: Vec<String> = odd.clone();
    for (odd, plain) in names.iter().zip(&plain) {
        let form = |expression: &str| -> Option<Vec<Token>> {
            let tokens = tokens(expression)?.into_iter();
            let without = |token: Token| match token {
                Token::Text(found) if found == text || found == "plain" => Token::Name,
                other => other,
            };
            Some(tokens.map(without).collect())
        };
        assert!(form(odd).is_some(), "{odd}");
        assert_eq!(form(odd), form(plain), "{odd}");
    }
    assert_eq!(odd.len(), plain.len());
    bundles(text);
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    Text(String),
    Name,
    Other(char),
}

/// Reads CEL as its specification has it: texts in double quotes with escapes, and everything else by the character. `None`: a
/// text is not closed, holds a line end, or has an escape that does not exist.
fn tokens(expression: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = expression.chars();
    while let Some(character) = rest.next() {
        tokens.push(match character {
            '"' => Token::Text(quoted(&mut rest)?),
            other => Token::Other(other),
        });
    }
    Some(tokens)
}

fn quoted(rest: &mut std::str::Chars<'_>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\n' | '\r' => return None,
            '\\' => text.push(escaped(rest)?),
            other => text.push(other),
        }
    }
}

fn escaped(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let digits = match rest.next()? {
        'n' => return Some('\n'),
        'r' => return Some('\r'),
        't' => return Some('\t'),
        'a' => return Some('\u{7}'),
        'b' => return Some('\u{8}'),
        'f' => return Some('\u{c}'),
        'v' => return Some('\u{b}'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        same @ ('\\' | '"' | '\'' | '`' | '?') => return Some(same),
        _ => return None,
    };
    let code = rest.as_str().get(..digits)?.to_owned();
    (0..digits).for_each(|_| {
        rest.next();
    });
    char::from_u32(u32::from_str_radix(&code, 16).ok()?)
}

/// The expressions of policies that let off somebody of this name: one that refuses and one that changes.
fn policy(name: &str) -> Vec<String> {
    let mut all = expressions(&Model::from(&staged(name).policy.manifest()));
    all.extend(expressions(&Model::from(&mutation(name).manifest())));
    all
}

fn exemption(name: &str) -> Exemption {
    Exemption {
        namespace: name.to_owned(),
        kind: name.to_owned(),
        name: name.to_owned(),
        container: Some(name.to_owned()),
        expires: "2027-01-31".parse().ok(),
    }
}

fn mutation(name: &str) -> Mutation {
    let made = |control| Mutation::of(control, Minor::NEWEST, &[exemption(name)]).ok();
    plimsoll_catalog::all()
        .find_map(made)
        .expect("a control with a safe fix")
}

fn staged(name: &str) -> Staged {
    let exemption = exemption(name);
    let described =
        |control: &&Control| matches!(control.rule(Minor::NEWEST), Some(Rule::Derived(_)));
    let control = plimsoll_catalog::all()
        .find(described)
        .expect("a described control");
    Staged {
        policy: Policy::of(control, Minor::NEWEST, &[exemption]).expect("it can be a policy"),
        stage: Stage::Deny,
    }
}

fn expressions(value: &Model) -> Vec<String> {
    match value {
        Model::List(items) => items.iter().flat_map(expressions).collect(),
        Model::Map(members) => members
            .iter()
            .flat_map(|(key, value)| match value {
                Model::Str(text) if key.ends_with("xpression") => vec![text.clone()],
                other => expressions(other),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn bundles(name: &str) {
    if name.contains('\0') {
        return;
    }
    let staged = [staged(name)];
    let scope = |name: &str| Scope {
        namespaces: Namespaces::Only(vec![name.to_owned()]),
        beside_pod_security: true,
    };
    let (named, registries) = (scope(name), [name.to_owned()]);
    for bundle in [
        Bundle::of(&staged, &named, &registries),
        Bundle::of_mutations(&[mutation(name)], &named),
    ] {
        let text = bundle.manifests();
        assert_eq!(documents(&text)[0], Model::from(&bundle.policies[0]));
        assert_eq!(documents(&text).len(), 2);
        for file in bundle.kustomize() {
            documents(&file.text);
        }
    }
    for value in [
        kyverno::manifest(&staged[0], &named),
        plimsoll_enforce::parameters::manifest(&registries),
    ] {
        let text = plimsoll_yaml::write(&value);
        assert_eq!(documents(&text), [Model::from(&value)]);
    }
    let plain: Vec<_> = helm(&[self::staged("plain")], &scope("plain"), &[]);
    for (file, plain) in helm(&staged, &named, &registries).iter().zip(plain) {
        if file.path.contains("templates/") {
            assert_eq!(actions(&file.text), actions(&plain.text), "{}", file.text);
        } else {
            documents(&file.text);
        }
    }
}

/// How many things Helm would run. An action that writes two braces does nothing more; its own text has them, too.
fn actions(template: &str) -> usize {
    template.matches("{{").count() - 2 * template.matches("{{ \"{{\" }}").count()
}

fn documents(text: &str) -> Vec<Model> {
    let read = |chunk: &plimsoll_yaml::Chunk| {
        let tree = parse(text, chunk).unwrap_or_else(|error| panic!("{error}: {text}"));
        Model::of(tree.root()).expect("it is not deep")
    };
    split(text).iter().map(read).collect()
}
