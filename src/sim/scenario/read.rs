//! Reads a file of scenarios: the reader of all files (`base/read.rs`), and what a scenario adds: the site that it is for, and
//! moments and keys.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::moment;
use crate::base::diagnostic::{Report, Source, Text};
use crate::base::digit::Digit;
use crate::base::limit::STEP_DURATION_MAX;
use crate::base::read;
use crate::base::time::{Duration, Wall};
use crate::base::yaml::Node;
use crate::say;
use crate::switchboard::Edition;

/// See the module.
pub(super) struct Reader<'a> {
    reader: read::Reader<'a>,
    pub(super) edition: &'a Edition,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Arc<Source>, edition: &'a Edition, report: &'a mut Report) -> Self {
        Self { reader: read::Reader::new(source, report), edition }
    }
}

impl<'a> Deref for Reader<'a> {
    type Target = read::Reader<'a>;
    fn deref(&self) -> &read::Reader<'a> {
        &self.reader
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl Reader<'_> {
    /// `500ms`, `30s`, `5m`, `0s`.
    pub(super) fn duration(&mut self, node: &Node) -> Option<Duration> {
        self.duration_or_none(node, STEP_DURATION_MAX)
    }

    /// A civil moment, local to the site.
    pub(super) fn moment(&mut self, node: &Node) -> Option<Wall> {
        let text = self.text(node)?;
        let read = moment::parse(text, self.edition);
        if read.is_none() {
            let help = say!("write `{}` or `{}`", "2026-11-24 10h", "2026-11-24 10h30");
            self.error(node, "not-a-moment", say!("`{}` is not a moment", text), help);
        }
        read
    }

    /// Keys one after another: `1`, `12345678`, `12#`, `star`, `hash`.
    pub(super) fn keys(&mut self, node: &Node) -> Option<Vec<Digit>> {
        let text = self.text(node)?;
        let keys = keys(text);
        if keys.is_none() {
            let help = Text::word("keys are 0 to 9, star and hash; `12#` presses three");
            self.error(node, "not-a-key", say!("`{}` are no keys", text), help);
        }
        keys
    }
}

/// Keys one after another; none when something else is among them.
pub fn keys(text: &str) -> Option<Vec<Digit>> {
    match text.trim() {
        "" => None,
        "star" => Some(vec![Digit::STAR]),
        "hash" => Some(vec![Digit::HASH]),
        keys => keys.chars().filter(|c| *c != ' ').map(Digit::from_char).collect(),
    }
}
