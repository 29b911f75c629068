//! Slips that YAML takes without a word: characters that nobody sees, and comments that were meant to be text.

use super::Mistakes;
use super::tree::Leaf;
use crate::base::diagnostic::Text;
use crate::say;

/// Words after which no French or English prompt ends: a comment that follows one is the `#` key of the telephone.
const UNFINISHED: [&str; 21] = [
    "appuyez",
    "avec",
    "composez",
    "dial",
    "et",
    "faites",
    "la",
    "le",
    "on",
    "ou",
    "par",
    "press",
    "puis",
    "saisissez",
    "sur",
    "tapez",
    "the",
    "then",
    "touche",
    "un",
    "with",
];

/// Tells characters that YAML refuses, or that its versions read in different ways; true when there are any.
pub(super) fn find_unreadable(text: &str, mistakes: &mut Mistakes<'_>) -> bool {
    let mut any = false;
    for (at, c) in text.char_indices() {
        // YAML 1.2, 5.1; U+0085, U+2028 and U+2029 end a line in YAML 1.1 but not in 1.2.
        let readable = matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..)
            && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
        if !readable {
            any = true;
            let why = say!("the invisible character U+{} stands here", format!("{:04X}", u32::from(c)));
            mistakes.error(at..at + c.len_utf8(), "invisible-character", why, Some(Text::word("remove it")));
        }
    }
    any
}

/// Tells comments that were meant to be text: prose that ends before its ` #1`, and the key `#`.
pub(super) fn find_in_comments(text: &str, leaves: &[Leaf], mistakes: &mut Mistakes<'_>) {
    let mut from = 0;
    let mut before: Option<&Leaf> = None;
    for leaf in leaves {
        let until = leaf.range.start.max(from);
        find_between(text, from, until, before, mistakes);
        from = leaf.range.end.max(from);
        before = Some(leaf).filter(|leaf| leaf.plain);
    }
    find_between(text, from, text.len(), before, mistakes);
}

/// Looks at what stands between two scalars; `plain` is the one before it, when it has no quotes.
fn find_between(text: &str, from: usize, until: usize, plain: Option<&Leaf>, mistakes: &mut Mistakes<'_>) {
    let mut at = from;
    for line in text[from..until].split_inclusive('\n') {
        let blank = |hash: usize| text[..hash].ends_with([' ', '\t', '\n', '\r']) || hash == 0;
        let hash = line.match_indices('#').map(|(hash, _)| at + hash).find(|hash| blank(*hash));
        if let Some(hash) = hash {
            let comment = text[hash..].lines().next().unwrap_or("");
            let range = hash..hash + comment.trim_end().len();
            let start = text[..hash].rfind('\n').map_or(0, |newline| newline + 1);
            let ahead = text[start..hash].trim_end();
            let next = text[from..hash].trim().is_empty();
            match plain.filter(|_| at == from && next) {
                Some(leaf) if meant_as_text(&text[leaf.range.clone()], comment) => {
                    let why = Text::word("YAML takes this for a comment: the text before it ends here");
                    let help = Text::word(
                        "put the whole text in quotes, or set a space after `#` if it is a comment",
                    );
                    mistakes.warning(range, "comment-cut", why, Some(help));
                }
                None if (ahead.trim_start().is_empty() || ahead.ends_with([',', '{'])) && is_key(comment) => {
                    let why = Text::word("YAML takes this for a comment, not for the key `#`");
                    let help = Text::word("write `hash:` for the hash key");
                    mistakes.error(hash..hash + 1, "hash-key", why, Some(help));
                }
                Some(_) | None => {}
            }
        }
        at += line.len();
    }
}

/// `#: thanks`
fn is_key(comment: &str) -> bool {
    comment.strip_prefix("#:").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// `Composez le` before `#1`, `Tapez` before `# pour finir`; `# mobile` after a name is a comment.
fn meant_as_text(before: &str, comment: &str) -> bool {
    let last = before.rsplit([' ', '\'', '’', '\n']).next().unwrap_or("").to_lowercase();
    match comment[1..].chars().next() {
        None => true,
        Some(c) if c.is_whitespace() => UNFINISHED.contains(&last.as_str()),
        Some(c) => !matches!(c, '#' | '-' | '=' | '~' | '_' | '!'),
    }
}
