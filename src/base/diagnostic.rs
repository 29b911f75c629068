//! An operator's mistake, with its place: file, line, the line itself with a caret, what is wrong, what would be right.
//!
//! Diagnostics are collected, not thrown: all mistakes of a site are told at once.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text that was read, and the name by which the operator knows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path as it was given.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A source that many diagnostics share.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// Line and column of an octet, both from 1, columns in characters.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
    }

    fn line(&self, at: usize) -> &str {
        let at = at.min(self.text.len());
        let start =
            self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        self.text[start..].lines().next().unwrap_or("")
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

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// A word to look up: `unknown-key`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: the text and the octets of it.
    pub source: Arc<Source>,
    /// The octets.
    pub range: Range<usize>,
    /// What would be right.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (line, column) = self.source.position(self.range.start);
        let text = self.source.line(self.range.start);
        let margin = " ".repeat(line.to_string().len());
        let before: String =
            text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let marked =
            self.source.text.get(self.range.clone()).and_then(|marked| marked.lines().next()).unwrap_or("");
        let caret = "^".repeat(marked.trim_end().chars().count().max(1));
        writeln!(f, "{severity}[{}]: {}", self.code, self.message)?;
        writeln!(f, "{margin}--> {}:{line}:{column}", self.source.path)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{line} | {text}")?;
        writeln!(f, "{margin} | {before}{caret}")?;
        match &self.help {
            Some(help) => writeln!(f, "{margin} = help: {help}"),
            None => Ok(()),
        }
    }
}

/// All mistakes found, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report(Vec<Diagnostic>);

impl Report {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether any is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.0 {
            writeln!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

/// The known word nearest to one that is not known: "did you mean". None when all are too far to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer words are nobody's slip, and distance costs by the product of lengths.
    const WORD_CHARS_MAX: usize = 64;
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
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_drawn_at_its_place() {
        let source = Source::new("site.yaml", "svi: 1\n  é: quues\n");
        let at = source.text.find("quues").unwrap();
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            code: "unknown-key",
            message: "unknown key `quues`".to_owned(),
            source,
            range: at..at + 5,
            help: Some("did you mean `queues`?".to_owned()),
        };
        assert_eq!(
            diagnostic.to_string(),
            "error[unknown-key]: unknown key `quues`\n --> site.yaml:2:6\n  |\n2 |   é: quues\n  |      ^^^^^\n  = help: did you mean `queues`?\n"
        );
    }

    #[test]
    fn the_nearest_word_is_meant() {
        let known = ["queues", "agents", "hours"];
        assert_eq!(nearest("quues", known), Some("queues"));
        assert_eq!(nearest("agnets", known), Some("agents"));
        assert_eq!(nearest("Hours", known), Some("hours"));
        assert_eq!(nearest("mailboxes", known), None);
        assert_eq!(nearest(&"q".repeat(1_000), known), None);
    }
}
