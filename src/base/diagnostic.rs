//! An operator's mistake, with its place: what a compiler would print.
//!
//! It draws; it neither reads files nor decides what is a mistake.

use std::ops::Range;

use annotate_snippets::renderer::{DecorStyle, Renderer};
use annotate_snippets::{AnnotationKind, Group, Level, Snippet};

use super::name::Name;
use super::yaml::Source;

/// How bad it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is loaded.
    Error,
    /// It loads, and somebody should look.
    Warning,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A code to look up: `unknown-block`.
    pub code: &'static str,
    /// The file, as named by its [`Source`].
    pub file: Name,
    /// Bytes of the text; `None` when the whole file is meant.
    pub span: Option<Range<usize>>,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands at the caret; may be empty.
    pub label: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A mistake that keeps the file from being loaded.
    pub fn error(code: &'static str, file: &Name, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, code, file: file.clone(), span: None, message, label: String::new(), help: None }
    }

    /// Something that somebody should look at.
    pub fn warning(code: &'static str, file: &Name, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, message) }
    }

    /// Its place.
    pub fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// What stands at the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What would be right.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The help `did you mean` when a candidate is near to `word`.
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match suggest(word, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }
}

/// All mistakes of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order found; [`Report::sorted`] puts them in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }
}

impl Report {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds those of another report.
    pub fn merge(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Those that keep the file from being loaded.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Those that do not.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning)
    }

    /// Whether there is no error.
    pub fn is_ok(&self) -> bool {
        self.errors().next().is_none()
    }

    /// In the order of file and place, each once.
    pub fn sorted(mut self) -> Self {
        self.diagnostics.sort_by(|a, b| {
            let place = |diagnostic: &Diagnostic| diagnostic.span.as_ref().map(|span| span.start);
            (&a.file, place(a), a.severity, a.code).cmp(&(&b.file, place(b), b.severity, b.code))
        });
        self.diagnostics.dedup();
        self
    }

    /// As a compiler prints it: file, line, column, the line itself with a caret, the help.
    pub fn render(&self, sources: &[Source], color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let drawn: Vec<String> = self.diagnostics.iter().map(|d| draw(d, sources, &renderer)).collect();
        drawn.join("\n\n")
    }
}

fn draw(diagnostic: &Diagnostic, sources: &[Source], renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let source = sources.iter().find(|source| source.name == diagnostic.file);
    let mut group = match (source, &diagnostic.span) {
        (Some(source), Some(span)) => {
            let span = within(&source.text, span);
            let annotation = AnnotationKind::Primary.span(span).label(diagnostic.label.as_str());
            let snippet = Snippet::source(&*source.text).path(source.name.as_str());
            title.element(snippet.annotation(annotation))
        }
        _ => Group::with_title(title).element(annotate_snippets::Origin::path(diagnostic.file.as_str())),
    };
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The span on character boundaries and, where it has many lines, on its first one: a caret under a whole block says nothing.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start.min(text.len()));
    let end = floor(span.end.min(text.len())).max(start);
    let line = text[start..end].find('\n').map_or(end, |length| start + length);
    start..line
}

/// The candidate nearest to `word`, when it is near enough to be a slip of the hand.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let slips = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count() <= 64)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements between two short words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_looks_like_a_compilers() {
        let source = Source { name: "a.yaml".into(), text: "svi: 1\ngoto: acueil\n".into() };
        let mut report = Report::default();
        let wrong = Diagnostic::error("unknown-block", &source.name, "there is no block `acueil`").at(13..19);
        report.push(wrong.label("not a block").suggest("acueil", ["accueil", "fin"]));
        let drawn = report.render(&[source], false);
        for piece in ["error[unknown-block]", "a.yaml:2:7", "goto: acueil", "^^^^^^ not a block", "`accueil`"] {
            assert!(drawn.contains(piece), "{piece} is not in\n{drawn}");
        }
        assert!(!report.is_ok());
    }

    #[test]
    fn spans_that_lie_do_not_panic() {
        let source = Source { name: "a.yaml".into(), text: "é\né".into() };
        for span in [1..2, 0..400, 400..500, 2..5] {
            let wrong = Diagnostic::warning("x", &source.name, "y").at(span);
            assert!(Report::from(wrong).render(std::slice::from_ref(&source), true).contains("y"));
        }
    }

    #[test]
    fn only_near_words_are_suggested() {
        assert_eq!(suggest("conseiler", ["accueil", "conseiller"]), Some("conseiller"));
        assert_eq!(suggest("menu", ["ring", "queue"]), None);
        assert_eq!(suggest("Say", ["say"]), Some("say"));
    }
}
