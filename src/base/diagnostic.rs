//! An operator's mistake, with its place: file, line, the line itself with a caret, what is wrong, what would be right.
//!
//! Diagnostics are collected, not thrown: all mistakes of a site are told at once.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::letters::composed;
use super::limit::MISTAKES_MAX;

pub mod codes;
mod natural;
mod text;

pub(crate) use self::text::{IntoPiece, Text};
pub use self::text::{Table, Tongue, Words};

/// A longer line is not drawn, only its place told: it is no text of an operator, and drawing costs by its length.
const LINE_BYTES_MAX: usize = 8_192;

/// The codes of mistakes that keep a text from being read as it was meant; see `base/yaml.rs`.
const READING: [&str; 19] = [
    "alias",
    "anchor",
    "comment-cut",
    "duplicate-key",
    "empty-file",
    "file-too-large",
    "hash-key",
    "invisible-character",
    "key",
    "not-utf8",
    "nul",
    "star-key",
    "tab",
    "tag",
    "too-deep",
    "too-many-mistakes",
    "two-documents",
    "yaml",
    "yaml-readers-disagree",
];

/// The codes of names and values that may be in a text that could not be read: of such a one they are no mistakes of their own.
const OF_OTHERS: [&str; 11] = [
    "missing-input",
    "needs-inputs",
    "no-voice",
    "other-flow",
    "unknown-input",
    "unknown-name",
    "unknown-output",
    "unknown-recipient",
    "unknown-target",
    "unknown-variable",
    "unset",
];

/// A text that was read, and the name by which the operator knows it.
#[derive(PartialEq, Eq)]
pub struct Source {
    /// Its path as it was given.
    pub path: String,
    /// The whole text, without the byte order mark that some editors put before it.
    pub(crate) text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// The path alone: a site's text has its passwords in it.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} octets)", self.path, self.text.len())
    }
}

impl Source {
    /// A source that many diagnostics share.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let lines = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Arc::new(Self { path: path.into(), text, lines })
    }

    /// A source from the octets of a file.
    ///
    /// # Errors
    /// A diagnostic at the first octet that is no UTF-8, or is NUL: the file is no text then.
    pub(crate) fn from_bytes(path: impl Into<String>, bytes: &[u8]) -> Result<Arc<Self>, Box<Diagnostic>> {
        let path: String = path.into();
        let refuse = |at: usize, length: usize, code, message: Text, help: Text| {
            let whole = Self::new(path.as_str(), String::from_utf8_lossy(bytes));
            // The mark is gone from the text, so that places move.
            let at = at - if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            Err(Box::new(Diagnostic {
                severity: Severity::Error,
                code,
                message,
                source: whole,
                range: at..at + length,
                help: Some(help),
            }))
        };
        match str::from_utf8(bytes) {
            Ok(text) => match text.find('\0') {
                None => Ok(Self::new(path.as_str(), composed(text))),
                Some(at) => {
                    let message = Text::word("this is no text: it has a NUL");
                    refuse(at, 1, "nul", message, Text::word("save the file as UTF-8"))
                }
            },
            Err(error) => {
                let length = char::REPLACEMENT_CHARACTER.len_utf8();
                let help = Text::word("save the file as UTF-8, not as Latin-1 or UTF-16");
                refuse(error.valid_up_to(), length, "not-utf8", Text::word("this is no UTF-8"), help)
            }
        }
    }

    /// Line and column of an octet, both from 1, columns in characters.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let at = self.text.floor_char_boundary(at);
        let line = self.lines.partition_point(|start| *start <= at);
        (line, self.text[self.start(at)..at].chars().count() + 1)
    }

    /// Where the line of an octet begins.
    fn start(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|start| *start <= at);
        self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0)
    }
}

/// A place in a text, kept for what is judged when all is read.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// The text.
    pub(crate) source: Arc<Source>,
    /// The octets of it.
    pub(crate) range: Range<usize>,
}

impl Mark {
    /// A mistake there.
    pub(crate) fn error(&self, code: &'static str, message: Text, help: Text) -> Diagnostic {
        let (source, range) = (Arc::clone(&self.source), self.range.clone());
        Diagnostic { severity: Severity::Error, code, message, source, range, help: Some(help) }
    }

    /// What the operator should look at there.
    pub(crate) fn warning(&self, code: &'static str, message: Text, help: Text) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..self.error(code, message, help) }
    }
}

/// How bad it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The site cannot be used.
    Error,
    /// It can, but the operator should look.
    Warning,
}

impl Severity {
    /// Its word.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::Error => Text::word("error"),
            Self::Warning => Text::word("warning"),
        }
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// A word to look up: `unknown-key`.
    pub code: &'static str,
    /// What is wrong.
    pub(crate) message: Text,
    /// Where: the text and the octets of it.
    pub source: Arc<Source>,
    /// The octets.
    pub range: Range<usize>,
    /// What would be right.
    pub(crate) help: Option<Text>,
}

impl Diagnostic {
    /// Draws it, in colours or plain: what is wrong, where, the line with a caret, what would be right.
    pub fn render(&self, color: bool, tongue: Tongue) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let level = level.with_name(self.severity.text().to(tongue));
        let (path, (number, column)) = (self.source.path.as_str(), self.source.position(self.range.start));
        let (line, from, to) = self.excerpt();
        let (message, help) = (self.message.to(tongue), self.help.as_ref().map(|help| help.to(tongue)));
        let title = level.primary_title(message.as_str()).id(self.code);
        let group = if self.source.text.is_empty() {
            // A file of sound, or an empty one: there is no line to draw.
            title.element(Origin::path(path))
        } else if line.len() <= LINE_BYTES_MAX {
            let mark = AnnotationKind::Primary.span(from..to);
            title.element(Snippet::source(line).path(path).line_start(number).annotation(mark))
        } else {
            title.element(Origin::path(path).line(number).char_column(column))
        };
        let group = match &help {
            Some(help) => {
                let level = Level::HELP.with_name(Text::word("help").to(tongue));
                group.element(level.message(help.as_str()))
            }
            None => group,
        };
        renderer.render(&[group])
    }

    /// The line on which it begins, and what is marked of that line. Only this line is drawn: the whole file would be
    /// searched anew for each mistake.
    fn excerpt(&self) -> (&str, usize, usize) {
        let text = &self.source.text;
        let from = text.floor_char_boundary(self.range.start);
        let start = self.source.start(from);
        let line = text[start..].lines().next().unwrap_or("").trim_end_matches('\r');
        let from = (from - start).min(line.len());
        let to = text.floor_char_boundary(self.range.end).saturating_sub(start).clamp(from, line.len());
        let to = from + line[from..to].trim_end().len();
        (line, from, to)
    }

    /// Mistakes of reading come before mistakes of meaning, which they cause.
    pub(crate) fn is_of_reading(&self) -> bool {
        READING.contains(&self.code)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.render(false, Tongue::English))
    }
}

/// All mistakes found, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(Vec<Diagnostic>);

impl Report {
    /// Adds one; beyond [`MISTAKES_MAX`] the first says that there are more, and the others are not kept.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        match self.0.len() {
            ..MISTAKES_MAX => self.0.push(diagnostic),
            MISTAKES_MAX => self.0.push(Diagnostic {
                severity: Severity::Error,
                code: "too-many-mistakes",
                message: Text::word("more mistakes follow, which are not told"),
                help: None,
                ..diagnostic
            }),
            _ => {}
        }
    }

    /// Adds all of another.
    pub(crate) fn extend(&mut self, other: Self) {
        other.0.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// A text of the site could not be read: what may stand in it is not told to be missing elsewhere. Causes only.
    pub(crate) fn drop_consequences(&mut self) {
        self.0.retain(|told| !OF_OTHERS.contains(&told.code));
    }

    /// Makes errors of the warnings of a code, where they keep what is asked for from being done.
    pub(crate) fn raise(&mut self, code: &str) {
        let of_code = self.0.iter_mut().filter(|told| told.code == code);
        of_code.for_each(|told| told.severity = Severity::Error);
    }

    /// Whether any is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// How many are errors.
    pub(crate) fn errors(&self) -> usize {
        self.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// How many are warnings.
    pub(crate) fn warnings(&self) -> usize {
        self.0.len() - self.errors()
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// The same in the order in which an operator mends them: by file; what could not be read before what it does not
    /// mean; then by place, errors before warnings.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        fn rank(one: &Diagnostic) -> (&str, bool, usize, Severity) {
            let cause = one.is_of_reading() && one.severity == Severity::Error;
            (&one.source.path, !cause, one.range.start, one.severity)
        }
        self.0.sort_by(|one, other| rank(one).cmp(&rank(other)));
        self
    }

    /// Draws all of them, in colours or plain, with a free line after each.
    pub(crate) fn render(&self, color: bool, tongue: Tongue) -> String {
        self.0.iter().map(|diagnostic| diagnostic.render(color, tongue) + "\n\n").collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false, Tongue::English))
    }
}

/// Longer words are nobody's slip, and distance costs by the product of lengths.
const WORD_CHARS_MAX: usize = 64;

/// The known word that one means which is not known: "did you mean". The nearest by letters, or what it means in French or
/// elsewhere; none when all are too far to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let slip = |known: &&str| distance(word, known) == 1;
    if (4..=WORD_CHARS_MAX).contains(&word.chars().count())
        && let Some(known) = known.iter().copied().find(slip)
    {
        return Some(known);
    }
    natural::meant(word, &known).or_else(|| nearest_by_letters(word, known))
}

fn nearest_by_letters<'a>(word: &str, known: Vec<&'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > WORD_CHARS_MAX {
        return None;
    }
    let allowed = (length / 3).max(1);
    let near =
        |known: &'a str| Some((distance(word, known), known)).filter(|(distance, _)| *distance <= allowed);
    known.into_iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Insertions, deletions, substitutions and exchanges of neighbours that turn one word into the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substituted = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = substituted.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests;
