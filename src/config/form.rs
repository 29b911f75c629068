//! The tables of the site's keys: what each section may hold. Readers, schema and reference page all go by them, so that they
//! cannot drift apart.

use crate::flow::verb::shape::said;

/// A key of the site.
#[derive(Copy, Clone, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What stands behind it.
    pub form: Form,
    /// What it is for, in a line; with its usual value.
    pub says: &'static str,
    /// It must be there.
    pub needed: bool,
    /// It is read and checked, and nothing comes of it in this version.
    pub not_yet: bool,
}

impl Field {
    /// What it is for, and whether that is done.
    pub fn says(&self) -> String {
        said(self.says, self.not_yet)
    }
}

/// A row of a table of keys.
pub const fn field(name: &'static str, form: Form, says: &'static str) -> Field {
    Field { name, form, says, needed: false, not_yet: false }
}

/// A row of a table of keys: one that must be there.
pub const fn needed(name: &'static str, form: Form, says: &'static str) -> Field {
    Field { name, form, says, needed: true, not_yet: false }
}

/// A row of a table of keys: one that this version reads and does not carry out. `svi check` says so where it stands.
pub const fn not_yet(name: &'static str, form: Form, says: &'static str) -> Field {
    Field { name, form, says, needed: false, not_yet: true }
}

/// What can be written in a place of the site.
#[derive(Copy, Clone, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A text, or a list of them.
    Texts,
    /// A text of this pattern, written like this.
    Written(&'static str, &'static str),
    /// The same, or a list of them.
    WrittenList(&'static str, &'static str),
    /// A whole number from 1 to this.
    Count(usize),
    /// `45s`, `8m`, `2h`, `30d`.
    Duration,
    /// A figure of the telephone.
    Key,
    /// `true` or `false`.
    YesNo,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    /// Days of the week with hours.
    Week,
    /// Dates with hours.
    Except,
    /// A preset of public holidays, or `{ region, add, remove }`.
    Holidays(&'static [Field]),
    /// A command: a list of its words, or one command for each language.
    Command,
    /// Names with texts.
    Pairs,
    /// A text, or a map that becomes one.
    Body,
    /// Keys of their own.
    Section(&'static [Field]),
    /// Names, each with keys of its own.
    Each(&'static [Field]),
}

/// A duration, in the words of a pattern.
pub const DURATION: &str = "^\\s*([0-9]+(ms|s|min|m|h|d)\\s*)+$";
/// `15 EUR`, `0.015 EUR`.
pub const EUROS: Form = Form::Written("^\\s*[0-9]{1,9}([.,][0-9]{0,6})?\\s*(EUR|€)\\s*$", "15 EUR");
/// `2026-09-01`.
pub const DATE: Form = Form::Written("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-09-01");

/// The words of a table of words and what they mean.
pub const fn words<T: Copy, const N: usize>(table: &[(&'static str, T); N]) -> [&'static str; N] {
    let (mut words, mut place) = ([""; N], 0);
    while place < N {
        words[place] = table[place].0;
        place += 1;
    }
    words
}

/// What names a key: a word, or the row of a table.
pub trait Key {
    /// The key.
    fn key(&self) -> &'static str;

    /// Whether this version does not carry it out.
    fn not_yet(&self) -> bool {
        false
    }
}

impl Key for &'static str {
    fn key(&self) -> &'static str {
        self
    }
}

impl Key for Field {
    fn key(&self) -> &'static str {
        self.name
    }

    fn not_yet(&self) -> bool {
        self.not_yet
    }
}
