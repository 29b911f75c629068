//! What the YAML reader says of a text that is none, in the words of somebody who has never read the standard.
//!
//! The crate's own sentences speak of block mappings and simple keys. Those that a slip of the hand can cause have words
//! here; the others stay as they are, for they are nobody's daily mistake.

use crate::base::diagnostic::Text;
use crate::say;

/// What is wrong, and what would be right, by what `saphyr-parser` says.
pub(super) fn words(info: &str) -> (Text, Option<Text>) {
    let indentation = Some(Text::word("indent the lines of one list or map by the same number of spaces"));
    let quotes = Some(Text::word("put the whole text in quotes: `\"…\"`"));
    let found = |part: &str| info.contains(part);
    if found("unknown escape character") {
        let help = Text::word("write `\\\\` for a backslash, or put the text in single quotes");
        return (
            Text::word("this is not YAML: within \"…\" a backslash makes a sign, and not this one"),
            Some(help),
        );
    }
    if found("quoted scalar") {
        return (
            Text::word("this is not YAML: a quote that opens is not closed"),
            Some(Text::word("close it, or write `''` for an apostrophe within '…'")),
        );
    }
    if found("block mapping") || found("block collection") || found("invalid indentation") {
        return (
            Text::word(
                "this is not YAML: this line is indented neither as those before nor as their own lines",
            ),
            indentation,
        );
    }
    if found("mapping values are not allowed") || found("illegal placement of ':'") {
        let why = Text::word("this is not YAML: a second `: ` stands in this line");
        let help =
            Text::word("put the whole text in quotes, or write what follows on a line of its own, indented");
        return (why, Some(help));
    }
    if found("mapping keys are not allowed") || found("block sequence entries are not allowed") {
        return (Text::word("this is not YAML: nothing can begin here"), indentation);
    }
    if found("flow mapping") {
        return (Text::word("this is not YAML: a `,` or the closing `}` is missing"), None);
    }
    if found("flow sequence") || found("misplaced bracket") {
        return (
            Text::word("this is not YAML: a `,` or the closing `]` is missing, or one too many stands here"),
            None,
        );
    }
    if found("double-quoted") {
        return (Text::word("this is not YAML: text follows a closing quote"), quotes);
    }
    if found("plain scalar") || found("start any token") || found("unexpected character") {
        return (Text::word("this is not YAML: a text cannot begin with this sign"), quotes);
    }
    if found("block scalar") {
        return (Text::word("this is not YAML: the text below `|` or `>` is indented wrongly"), indentation);
    }
    if found("node content") || found("unexpected eof") || found("next token") {
        return (Text::word("this is not YAML: something is missing here"), None);
    }
    (say!("this is not YAML: {}", info), None)
}
