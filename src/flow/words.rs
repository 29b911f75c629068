//! Reads what is said: prompt files, texts with placeholders, texts by language.

use std::ops::Range;

use super::form::LANGUAGES;
use super::prompt::{Part, Speech, collapsed, file_clip, text_clip};
use super::read::{Reader, StepText};
use super::speech::{Format, Language};
use super::template::Template;
use super::value::Path;
use super::vocabulary::Clip;
use crate::base::diagnostic::{Text, nearest};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};
use crate::say;

/// French is read aloud about as fast.
const LETTERS_A_SECOND: usize = 15;
/// Half a minute.
const LETTERS_MAX: usize = 30 * LETTERS_A_SECOND;

impl Reader<'_> {
    /// A prompt file by name, or one for each language: `{ fr: bonjour.wav, en: hello.wav }`. In a flow of two languages a
    /// plain name means `NAME` in French and `en/NAME` in English, if there is one.
    pub(super) fn file(&mut self, node: &Node) -> Option<Speech> {
        if node.is_map() {
            self.fields(node, Text::word("a recording by language"), LANGUAGES);
            let mut speech = Speech::default();
            for language in self.languages.clone() {
                let node = self.in_language(node, language)?;
                let clip = self.file_name(node)?;
                speech.parts_mut(language).push(Part::Fixed(clip));
            }
            return Some(speech);
        }
        let clip = self.file_name(node)?;
        let mut speech = Speech::file(&clip.key);
        let english = format!("en/{}", clip.key);
        if self.names.recordings.contains(english.as_str()) {
            speech.en = vec![Part::Fixed(file_clip(&english))];
        }
        Some(speech)
    }

    fn file_name(&mut self, node: &Node) -> Option<Clip> {
        let name = self.text(node)?;
        if self.names.recordings.contains(name) {
            return Some(file_clip(name));
        }
        let known: Vec<Name> =
            self.names.recordings.iter().filter(|key| !key.contains('/')).cloned().collect();
        self.unknown(node, "unknown-prompt", Text::word("prompt"), known.iter().map(Name::as_str));
        None
    }

    /// A text to be said: `Bonjour {nom|spell}.`, or `{fr: …, en: …}`.
    pub(super) fn speech(&mut self, node: &Node) -> Option<Speech> {
        self.speech_as(node, |_, text| text.to_owned())
    }

    /// The same, each language's text put into a sentence first.
    pub(super) fn speech_as(
        &mut self,
        node: &Node,
        sentence: impl Fn(Language, &str) -> String,
    ) -> Option<Speech> {
        let is_file = |text: &str| {
            !text.contains(' ') && [".wav", ".mp3", ".ogg"].iter().any(|ending| text.ends_with(ending))
        };
        if node.text().is_some_and(is_file) {
            self.error(
                node,
                "file-as-text",
                Text::word("this would be read aloud, name and all"),
                Text::word("a file is played with `play: FILE`"),
            );
            return None;
        }
        let mut speech = Speech::default();
        let Value::Map(entries) = &node.value else {
            let text = self.scalar(node)?;
            if self.languages.len() > 1 {
                self.error(
                    node,
                    "language",
                    Text::word("callers of this flow hear two languages, and this text has only one"),
                    say!("write `{}`", "{ fr: …, en: … }"),
                );
            }
            for language in self.languages.clone() {
                *speech.parts_mut(language) = self.parts(node, language, &sentence(language, text))?;
            }
            return Some(speech);
        };
        if let [(key, Node { value: Value::Null, .. })] = &entries[..] {
            let why = say!(
                "YAML takes `{}` at the beginning for a map",
                format!("{{{}}}", key.text().unwrap_or(""))
            );
            self.error(node, "quotes", why, Text::word("put the whole text in quotes"));
            return None;
        }
        // `{ fr: Bonjour, Madame. }`: for YAML the comma ends the text, and a key without a value follows.
        let cut = |(key, value): &&(Node, Node)| {
            value.value == Value::Null && key.text().is_some_and(|key| Language::parse(key).is_none())
        };
        if let Some((rest, _)) = entries.iter().find(cut) {
            let why = Text::word("YAML takes the comma before this for the end of the text");
            self.error(rest, "comma-cut", why, Text::word("put the whole text in quotes"));
            return None;
        }
        self.fields(node, Text::word("a text by language"), LANGUAGES);
        for language in Language::ALL {
            if self.languages.contains(&language) {
                let node = self.in_language(node, language)?;
                let text = self.scalar(node)?;
                *speech.parts_mut(language) = self.parts(node, language, &sentence(language, text))?;
            } else if let Some(node) = node.get(language.as_str()) {
                // Read for its mistakes: no caller of this flow hears it.
                let voiceless = self.voiceless.clone();
                let text = self.scalar(node)?;
                self.parts(node, language, &sentence(language, text));
                self.voiceless = voiceless;
            }
        }
        Some(speech)
    }

    /// A sentence of svi's own in each language, with what the operator gave for it.
    pub(super) fn own_sentence(
        &mut self,
        node: &Node,
        sentence: impl Fn(Language) -> String,
    ) -> Option<Speech> {
        let mut speech = Speech::default();
        for language in self.languages.clone() {
            *speech.parts_mut(language) = self.parts(node, language, &sentence(language))?;
        }
        Some(speech)
    }

    /// The text of a question: its option `say`.
    pub(super) fn question(&mut self, step: &StepText<'_>) -> Option<Speech> {
        match step.option("say") {
            Some(node) => self.speech(node),
            None => {
                let help = say!("add `{}`", "say: …");
                self.error(step.verb, "missing-text", Text::word("the question says nothing"), help);
                None
            }
        }
    }

    /// A text that somebody reads: a message, a subject.
    pub(super) fn written(&mut self, node: &Node) -> Option<Template> {
        let text = self.scalar(node)?;
        if text.trim().is_empty() {
            self.error(node, "empty-text", Text::word("there is nothing to read"), Text::default());
            return None;
        }
        self.template(node)
    }

    /// What is written for a language.
    fn in_language<'n>(&mut self, node: &'n Node, language: Language) -> Option<&'n Node> {
        let found = node.get(language.as_str());
        if found.is_none() {
            let word = match language {
                Language::French => Text::word("French"),
                Language::English => Text::word("English"),
            };
            let message = say!("the {} text is missing", word);
            self.error(node, "language", message, say!("add `{}: …`", language.as_str()));
        }
        found
    }

    fn parts(&mut self, node: &Node, language: Language, text: &str) -> Option<Vec<Part>> {
        let letters = text.chars().count();
        if letters > LETTERS_MAX {
            let why =
                say!("this takes about {} s to say: few callers listen so long", letters / LETTERS_A_SECOND);
            let help = Text::word("say less, or say it in parts with a menu between them");
            self.warn(node, "long-text", why, help);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let length = self.closed(node, &rest[open..])?;
            self.bare(node, &rest[..open], &rest[open..=open + length]);
            self.fixed(node, language, &rest[..open], &mut parts);
            let (path, format) = self.placeholder(node, &rest[open + 1..open + length])?;
            parts.push(Part::Value(path, format.unwrap_or(Format::Spell)));
            rest = &rest[open + length + 1..];
        }
        self.fixed(node, language, rest, &mut parts);
        if parts.is_empty() {
            self.error(node, "empty-text", Text::word("there is nothing to say"), Text::default());
        }
        Some(parts)
    }

    /// A static piece; what stands between two values without a word is their pause.
    fn fixed(&mut self, node: &Node, language: Language, text: &str, parts: &mut Vec<Part>) {
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let clip = text_clip(language, text);
        if !self.names.recordings.contains(&clip.key) && !self.names.can_render.contains(&language) {
            self.voiceless.entry(collapsed(text)).or_insert_with(|| node.range.clone());
        }
        parts.push(Part::Fixed(clip));
    }

    /// Where the placeholder ends that `rest` begins with.
    pub(super) fn closed(&mut self, node: &Node, rest: &str) -> Option<usize> {
        let end = rest.find('}');
        if end.is_none() {
            let place = self.end_of(node, rest);
            let message = say!("`{}` is not closed", "{");
            self.error(&place, "placeholder", message, say!("write `{}`", "{name|format}"));
        }
        end
    }

    /// Other systems write `${name}`: here the sign would be said.
    pub(super) fn bare(&mut self, node: &Node, before: &str, placeholder: &str) {
        if before.ends_with('$') {
            let place = self.piece_in(node, &format!("${placeholder}"));
            let why = say!("the `$` of `{}` is said as it stands", format!("${placeholder}"));
            self.warn(&place, "placeholder-dollar", why, say!("write `{}`", placeholder));
        }
    }

    /// What stands between braces: a name, and a format if it has one.
    pub(super) fn placeholder(&mut self, node: &Node, inside: &str) -> Option<(Path, Option<Format>)> {
        let (name, format) = match inside.split_once('|') {
            Some((name, format)) => (name.trim(), Some(format.trim())),
            None => (inside.trim(), None),
        };
        if name.is_empty() {
            let place = self.piece_in(node, &format!("{{{inside}}}"));
            self.error(
                &place,
                "placeholder",
                say!("`{}` names nothing", "{}"),
                say!("write `{}`", "{name|format}"),
            );
            return None;
        }
        let path = Path(Name::from(name));
        let Some(format) = format else { return Some((path, None)) };
        match Format::parse(format) {
            Some(format) => Some((path, Some(format))),
            None => {
                let formats = Format::ALL.map(Format::as_str);
                let help = match nearest(format, formats) {
                    Some(meant) => say!("did you mean `{}`?", meant),
                    None => say!("there are: {}", formats.join(", ")),
                };
                let place = self.format_in(node, inside, format);
                self.error(&place, "unknown-format", say!("there is no format `{}`", format), help);
                None
            }
        }
    }
}

/// Texts without a voice that are listed: the others are found by `svi prompts`.
const LISTED_MAX: usize = 6;

/// Tells once which texts of a flow wait for a voice, at the first of them.
pub(super) fn tell_voiceless(reader: &mut Reader<'_>) {
    let mut texts: Vec<(Range<usize>, String)> =
        std::mem::take(&mut reader.voiceless).into_iter().map(|(text, range)| (range, text)).collect();
    texts.sort_by_key(|(range, _)| range.start);
    let Some((range, first)) = texts.first() else { return };
    let node = Node { range: range.clone(), value: Value::Null };
    let message = match texts.len() {
        1 => say!("this text has no voice yet: {}", first),
        many => {
            let list: String = texts.iter().take(LISTED_MAX).map(|(_, text)| format!("\n  {text}")).collect();
            match many - many.min(LISTED_MAX) {
                0 => say!("{} texts have no voice yet:{}", many, list),
                more => say!(
                    "{} texts have no voice yet:{}\n  and {} more: see `svi prompts list`",
                    many,
                    list,
                    more
                ),
            }
        }
    };
    let help = Text::word("name a text-to-speech command in site.yaml: `server: { speech: [espeak-ng, …] }`");
    reader.warn(&node, "no-voice", message, help);
}
