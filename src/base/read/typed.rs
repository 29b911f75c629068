//! Numbers, durations, keys, words: what a text must be, and what is said when it is not.

use super::Reader;
use crate::base::diagnostic::{Text, nearest};
use crate::base::digit::Digit;
use crate::base::limit::DURATION_MAX;
use crate::base::time::{Duration, read_duration};
use crate::base::yaml::Node;
use crate::say;

impl Reader<'_> {
    /// A text that `parse` understands; `expected` says which those are.
    pub(crate) fn value<T>(
        &mut self,
        node: &Node,
        expected: Text,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(node)?;
        let value = parse(text);
        if value.is_none() {
            let why = say!("`{}` is not understood here", text);
            self.error(node, "bad-value", why, say!("write {}", expected));
        }
        value
    }

    /// A duration that is more than nothing: `45s`, `8m`, `1h30`, `30d`.
    pub(crate) fn duration(&mut self, node: &Node) -> Option<Duration> {
        self.duration_within(node, DURATION_MAX)
    }

    /// The same, up to a bound.
    pub(crate) fn duration_within(&mut self, node: &Node, most: Duration) -> Option<Duration> {
        let read = self.duration_or_none(node, most)?;
        if read.is_zero() {
            let message = say!("`{}` is no time at all", node.text().unwrap_or(""));
            let help = Text::word("1s is the least that makes sense");
            self.error(node, "not-a-duration", message, help);
            return None;
        }
        Some(read)
    }

    /// A duration up to a bound that may be no time at all: `0s`.
    pub(crate) fn duration_or_none(&mut self, node: &Node, most: Duration) -> Option<Duration> {
        let text = self.text(node)?.trim();
        let Some(read) = read_duration(text) else {
            let (message, help) = match text.bytes().all(|byte| byte.is_ascii_digit()) {
                true => {
                    (say!("`{}` has no unit", text), say!("write `{}s`, `{}m` or `{}h`", text, text, text))
                }
                false => {
                    (say!("`{}` is not a duration", text), Text::word("write it as 45s, 8m, 2h, 1h30 or 30d"))
                }
            };
            self.error(node, "not-a-duration", message, help);
            return None;
        };
        if read > most {
            let help = say!("{} h are the most", most.as_secs() / 3_600);
            self.error(node, "not-a-duration", say!("`{}` is too long", text), help);
            return None;
        }
        Some(read)
    }

    /// A whole number, or none.
    pub(crate) fn number(&mut self, node: &Node) -> Option<usize> {
        let text = self.text(node)?;
        let read = text.trim().parse().ok();
        if read.is_none() {
            self.error(node, "not-a-number", say!("`{}` is not a whole number", text), Text::default());
        }
        read
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn count(&mut self, node: &Node, most: usize) -> Option<usize> {
        let text = self.text(node)?;
        let read = text.trim().parse().ok().filter(|count| (1..=most).contains(count));
        if read.is_none() {
            let why = say!("`{}` is not a whole number from 1 to {}", text, most);
            self.error(node, "not-a-number", why, Text::default());
        }
        read
    }

    /// `true` or `false`, `yes` or `no`, `oui` or `non`.
    pub(crate) fn yes(&mut self, node: &Node) -> Option<bool> {
        let text = self.text(node)?;
        match text {
            "true" | "yes" | "oui" => Some(true),
            "false" | "no" | "non" => Some(false),
            _ => {
                let why = say!("`{}` is neither true nor false", text);
                let yes = ["vrai", "o", "y", "on", "1", "oui", "yes", "true", "ok"];
                let no = ["faux", "n", "off", "0", "non", "no", "false", "aucun", "jamais"];
                let word = text.trim().to_lowercase();
                let help = match (yes.contains(&word.as_str()), no.contains(&word.as_str())) {
                    (true, _) => say!("write `{}`", "true"),
                    (_, true) => say!("write `{}`", "false"),
                    _ => Text::word("write `true` or `false`"),
                };
                self.error(node, "not-yes-or-no", why, help);
                None
            }
        }
    }

    /// A key of the telephone: `0`-`9`, `star`, `hash`.
    pub(crate) fn digit(&mut self, node: &Node) -> Option<Digit> {
        let word = node.text().unwrap_or("");
        let digit = match word {
            "star" => Some(Digit::STAR),
            "hash" => Some(Digit::HASH),
            text if text.len() == 1 && text.as_bytes()[0].is_ascii_digit() => {
                text.chars().next().and_then(Digit::from_char)
            }
            _ => None,
        };
        if digit.is_none() {
            let help = match word {
                "*" => say!("write `{}`", "star"),
                "#" => say!("write `{}`", "hash"),
                word if nearest(word, ["star", "hash"]).is_some() => {
                    say!("write `{}`", nearest(word, ["star", "hash"]).unwrap_or_default())
                }
                _ => Text::word("keys are 0 to 9, star and hash"),
            };
            self.error(node, "not-a-key", say!("`{}` is not a key", word), help);
        }
        digit
    }

    /// One of a few words, and what it means.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: &Node,
        code: &'static str,
        what: Text,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            self.unknown(node, code, what, words.iter().map(|(word, _)| *word));
        }
        found.map(|(_, meant)| *meant)
    }
}
