//! What can stand behind a verb, behind each of its options, and behind the keys of a flow's file: the one source of the
//! schema and of the reference page.

use std::sync::Arc;

use crate::base::diagnostic::{Diagnostic, Severity, Source};
use crate::base::yaml::Node;
use crate::say;

/// An option of a verb, or a key of a flow's file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    /// Its key.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    /// What it is for, in a line; with its usual value.
    pub says: &'static str,
    /// It must be there, whatever else is.
    pub needed: bool,
    /// It is read and checked, and nothing comes of it in this version.
    pub not_yet: bool,
}

impl Opt {
    /// What it is for, and whether that is done.
    pub fn says(&self) -> String {
        said(self.says, self.not_yet)
    }
}

/// What a key is for, as schema and reference say it.
pub fn said(says: &str, not_yet: bool) -> String {
    if not_yet { format!("{says} (not carried out yet)") } else { says.to_owned() }
}

/// A row of a table of options.
pub const fn opt(name: &'static str, shape: Shape, says: &'static str) -> Opt {
    Opt { name, shape, says, needed: false, not_yet: false }
}

/// A row of a table of options: one that must be there.
pub const fn need(name: &'static str, shape: Shape, says: &'static str) -> Opt {
    Opt { name, shape, says, needed: true, not_yet: false }
}

/// A row of a table of options: one that this version reads and does not carry out. `svi check` says so where it stands.
pub const fn not_yet(name: &'static str, shape: Shape, says: &'static str) -> Opt {
    Opt { name, shape, says, needed: false, not_yet: true }
}

/// What is told of a key that is read and checked, and of which nothing comes.
pub fn not_carried_out(source: &Arc<Source>, key: &Node) -> Diagnostic {
    Diagnostic {
        severity: Severity::Warning,
        code: "not-carried-out",
        message: say!("`{}` is read, and this version does nothing with it", key.text().unwrap_or("")),
        source: Arc::clone(source),
        range: key.range.clone(),
        help: Some(say!("take it out, or read `{}`", "svi explain not-carried-out")),
    }
}

/// What can be written in a place.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text to be said, or one for each language.
    Speech,
    /// A menu's text: a text to be said, or `{ first, again }`.
    Titles,
    /// A prompt file, or one for each language.
    File,
    /// A prompt file, or `operator`.
    Announcement,
    /// A written text with placeholders.
    Text,
    /// The name of a block of this flow.
    Block,
    /// The name of something of the site, or of another flow: `calendar`, `queue`, `mailbox`, `flow`.
    Name(&'static str),
    /// The name of a variable.
    Variable,
    /// `6s`, `5m`.
    Duration,
    /// A whole number.
    Number,
    /// How often something is tried.
    Tries,
    /// `true` or `false`.
    YesNo,
    /// A condition, or a value: `statut == "prete"`.
    Condition,
    /// How many digits: `8`, `4..10`.
    Range,
    /// Keys from one to another: `1..5`.
    Scale,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of the checks of `ask`, or `{ regex: … }`.
    Check,
    /// The keys of a menu: `{ 1: { label: …, goto: … } }`.
    Choices,
    /// Keys that lead to a block: `{ 2: message }`.
    Ways,
    /// Values that lead to a block.
    Cases,
    /// Blocks with their share of the calls: `{ a: 70%, b: 30% }`.
    Shares,
    /// `{ after: 60s, key: 1, goto: rappel }`.
    Offer,
    /// Agents, numbers, SIP addresses; one or a list.
    Targets,
    /// A number, agent, or SIP address.
    Target,
    /// An address, or a mailbox of the site; one or a list.
    Recipients,
    /// `GET https://…`.
    Request,
    /// Variables, each with the place of its value in the answer.
    Saves,
    /// Names with values.
    Values,
    /// Names with written texts.
    Texts,
    /// A text, or a map or list that becomes JSON.
    Body,
    /// The version of the language: 1.
    Version,
    /// Telephone numbers; one or a list.
    Numbers,
    /// Names of variables, with their types when they are no texts.
    Typed,
    /// Keys of their own.
    Section(&'static [Opt]),
    /// Blocks by name, each a list of steps.
    Blocks,
}
