//! A Corefile, line by line: which plugin says what. Enough to judge a few settings; CoreDNS itself reads more.

/// One line that holds something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line<'c> {
    /// The plugin, or the addresses of a server block.
    pub(crate) plugin: &'c str,
    /// The words: of the plugin's own line, its arguments; of a line in its block, all of them.
    pub(crate) words: Vec<&'c str>,
    /// Does it stand in the plugin's block?
    pub(crate) inside: bool,
}

/// The lines of all plugins in all server blocks, in order.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut depth, mut plugin) = (0usize, "");
    for line in text.lines() {
        let code = line.split('#').next().unwrap_or_default();
        let mut words: Vec<&str> = code.split_whitespace().collect();
        let opens = words.last() == Some(&"{");
        words.retain(|word| !matches!(*word, "{" | "}"));
        match (depth, words.split_first()) {
            (1, Some((name, rest))) => {
                plugin = name;
                let words = rest.to_vec();
                lines.push(Line {
                    plugin,
                    words,
                    inside: false,
                });
            }
            (2.., Some(_)) => lines.push(Line {
                plugin,
                words,
                inside: true,
            }),
            _ => {}
        }
        if opens {
            depth += 1;
        } else if code.trim() == "}" {
            depth = depth.saturating_sub(1);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn plugins_are_told_with_their_arguments_and_blocks() {
        let text = ".:53 {\n  errors # comment\n  kubernetes cluster.local {\n    pods insecure\n  }\n  forward . /etc/resolv.conf\n}\n";
        let shown: Vec<_> = lines(text)
            .into_iter()
            .map(|line| (line.plugin, line.words.join(" "), line.inside))
            .collect();
        let wanted = [
            ("errors", "", false),
            ("kubernetes", "cluster.local", false),
            ("kubernetes", "pods insecure", true),
            ("forward", ". /etc/resolv.conf", false),
        ];
        assert_eq!(
            shown,
            wanted.map(|(plugin, words, inside)| (plugin, words.to_owned(), inside))
        );
    }

    #[test]
    fn braces_that_do_not_match_end_without_a_panic() {
        assert!(lines("}\n}\n{\n}\n").is_empty());
        assert_eq!(lines(".:53 {\n a {\n b\n").len(), 2);
    }
}
