//! Reads what is said: prompt files, texts with placeholders, texts by language.

use std::ops::Range;

use super::prompt::{Part, Speech, collapsed, file_clip, text_clip};
use super::read::Reader;
use super::speech::Format;
use super::value::Path;
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};

/// French is read aloud about as fast.
const LETTERS_A_SECOND: usize = 15;
/// Half a minute.
const LETTERS_MAX: usize = 30 * LETTERS_A_SECOND;

impl Reader<'_> {
    /// A prompt file, by name.
    pub(super) fn file(&mut self, node: &Node) -> Option<Speech> {
        let name = self.text(node)?;
        if self.names.recordings.contains(name) {
            return Some(Speech { parts: vec![Part::Fixed(file_clip(name))] });
        }
        let known: Vec<Name> =
            self.names.recordings.iter().filter(|key| !key.contains('/')).cloned().collect();
        self.unknown(node, "unknown-prompt", "prompt", known.iter().map(Name::as_str));
        None
    }

    /// A text to be said: `Bonjour {nom|spell}.`, or `{fr: …, en: …}`.
    pub(super) fn speech(&mut self, node: &Node) -> Option<Speech> {
        let is_file = |text: &str| {
            !text.contains(' ') && [".wav", ".mp3", ".ogg"].iter().any(|ending| text.ends_with(ending))
        };
        if node.text().is_some_and(is_file) {
            self.error(
                node,
                "file-as-text",
                "this would be read aloud, name and all",
                "a file is played with `play: FILE`",
            );
            return None;
        }
        if let Value::Map(entries) = &node.value {
            if let [(key, Node { value: Value::Null, .. })] = &entries[..] {
                let why = format!("YAML takes `{{{}}}` at the beginning for a map", key.text().unwrap_or(""));
                self.error(node, "quotes", why, "put the whole text in quotes");
                return None;
            }
            let pairs: Vec<(&Node, &Node)> = entries.iter().map(|(key, value)| (key, value)).collect();
            self.only(&pairs, "a text by language", &["fr", "en"]);
            if let Some(english) = node.get("en") {
                // Read for its mistakes; calls speak French.
                let voiceless = self.voiceless.clone();
                self.speech(english);
                self.voiceless = voiceless;
            }
            return match node.get("fr") {
                Some(french) => self.speech(french),
                None => {
                    self.error(node, "language", "the French text is missing", "add `fr: …`");
                    None
                }
            };
        }
        let text = self.text(node)?;
        let letters = text.chars().count();
        if letters > LETTERS_MAX {
            let why = format!(
                "this takes about {} s to say: few callers listen so long",
                letters / LETTERS_A_SECOND
            );
            self.warn(node, "long-text", why, "say less, or say it in parts with a menu between them");
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else {
                self.error(node, "placeholder", "`{` is not closed", "write `{name|format}`");
                return None;
            };
            self.fixed(node, &rest[..open], &mut parts);
            parts.push(self.placeholder(node, &rest[open + 1..open + length])?);
            rest = &rest[open + length + 1..];
        }
        self.fixed(node, rest, &mut parts);
        if parts.is_empty() {
            self.error(node, "empty-text", "there is nothing to say", "");
        }
        Some(Speech { parts })
    }

    /// A static piece; what stands between two values without a word is their pause.
    fn fixed(&mut self, node: &Node, text: &str, parts: &mut Vec<Part>) {
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let clip = text_clip(text);
        if !self.names.recordings.contains(&clip.key) && !self.names.can_render {
            self.voiceless.entry(collapsed(text)).or_insert_with(|| node.range.clone());
        }
        parts.push(Part::Fixed(clip));
    }

    fn placeholder(&mut self, node: &Node, inside: &str) -> Option<Part> {
        let (name, format) = match inside.split_once('|') {
            Some((name, format)) => (name.trim(), format.trim()),
            None => (inside.trim(), "spell"),
        };
        if name.is_empty() {
            self.error(node, "placeholder", "`{}` names nothing", "write `{name|format}`");
            return None;
        }
        match Format::parse(format) {
            Some(format) => Some(Part::Value(Path(Name::from(name)), format)),
            None => {
                let known = Format::ALL.map(Format::as_str).join(", ");
                self.error(
                    node,
                    "unknown-format",
                    format!("there is no format `{format}`"),
                    &format!("there are: {known}"),
                );
                None
            }
        }
    }
}

/// Tells once which texts of a flow wait for a voice, at the first of them.
pub(super) fn tell_voiceless(reader: &mut Reader<'_>) {
    let mut texts: Vec<(Range<usize>, String)> =
        std::mem::take(&mut reader.voiceless).into_iter().map(|(text, range)| (range, text)).collect();
    texts.sort_by_key(|(range, _)| range.start);
    let Some((range, first)) = texts.first() else { return };
    let node = Node { range: range.clone(), value: Value::Null };
    let message = match texts.len() {
        1 => format!("this text has no voice yet: {first}"),
        many => {
            let list: String = texts.iter().map(|(_, text)| format!("\n  {text}")).collect();
            format!("{many} texts have no voice yet:{list}")
        }
    };
    let help = "name a text-to-speech command in site.yaml: `server: { speech: [espeak-ng, …] }`";
    reader.warn(&node, "no-voice", message, help);
}
