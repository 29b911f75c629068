//! The table language: what may be written where. A row is a key with its form, its words and whether it must be there.
//!
//! Sites, flows and scenarios are described by such tables. The reader goes by them (`read.rs`), the JSON Schemas
//! (`form/schema.rs`) and the reference pages (`form/page.rs`) are made of them, so that these cannot drift apart. A form
//! that only one room knows is a value of that room: [`Own`].

pub(crate) mod page;
pub(crate) mod schema;

use std::fmt;

use self::schema::Schema;

/// A key of a mapping.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Row {
    /// The key.
    pub(crate) name: &'static str,
    /// What stands behind it.
    pub(crate) form: Form,
    /// What it is for, in a line; with its usual value.
    pub(crate) says: &'static str,
    /// It must be there, whatever else is.
    pub(crate) needed: bool,
    /// It is read and checked, and nothing comes of it in this version.
    pub(crate) not_yet: bool,
}

impl Row {
    /// What it is for, and whether that is done.
    pub(crate) fn says(&self) -> String {
        if self.not_yet { format!("{} (not carried out yet)", self.says) } else { self.says.to_owned() }
    }
}

/// A row of a table.
pub(crate) const fn opt(name: &'static str, form: Form, says: &'static str) -> Row {
    Row { name, form, says, needed: false, not_yet: false }
}

/// A row of a table: one that must be there.
pub(crate) const fn need(name: &'static str, form: Form, says: &'static str) -> Row {
    Row { name, form, says, needed: true, not_yet: false }
}

/// A row of a table: one that this version reads and does not carry out. The reader says so where it stands.
pub(crate) const fn not_yet(name: &'static str, form: Form, says: &'static str) -> Row {
    Row { name, form, says, needed: false, not_yet: true }
}

/// The version of the language, which every file says.
pub(crate) const SVI: Row = need("svi", Form::Version, "the version of the language");

/// What can be written in a place.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Form {
    /// The version of the language: 1.
    Version,
    /// A text.
    Text,
    /// A text that means what these words say: `a block`.
    Scalar(&'static str),
    /// A text of this pattern, written like this.
    Pattern(&'static str, &'static str),
    /// The name of something: `calendar`, `queue`, `mailbox`.
    Name(&'static str),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number, or none.
    Number,
    /// A whole number from 1 to this.
    Count(usize),
    /// `45s`, `8m`, `1h30`, `30d`.
    Duration,
    /// The same, or no time at all.
    DurationOrNone,
    /// `true` or `false`.
    YesNo,
    /// A key of the telephone.
    Key,
    /// Anything.
    Any,
    /// One of this form, or a list of them.
    OneOrMore(&'static Form),
    /// The same; the list may be empty.
    Several(&'static Form),
    /// Names with values of this form.
    Map(&'static Form),
    /// Keys of the telephone with values of this form.
    Keys(&'static Form),
    /// Keys of their own.
    Section(&'static [Row]),
    /// This form for short, or keys of their own.
    Short(&'static Form, &'static [Row]),
    /// Names, each with keys of its own.
    Each(&'static [Row]),
    /// A list, each item with keys of its own.
    Items(&'static [Row]),
    /// What one room alone knows.
    Own(&'static Own),
}

/// A form that one room alone knows.
pub(crate) struct Own {
    /// The name of its definition in schemas; empty when it is written out where it stands.
    pub(crate) define: &'static str,
    /// What it allows, in words, for the reference.
    pub(crate) words: fn() -> String,
    /// What it allows, in JSON Schema.
    pub(crate) schema: fn(&mut Schema) -> serde_json::Value,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&(self.words)())
    }
}

/// The keys of a table.
pub(crate) fn keys(table: &[Row]) -> Vec<&'static str> {
    table.iter().map(|row| row.name).collect()
}

/// The words of a table of words and what they mean.
pub(crate) const fn words<T: Copy, const N: usize>(table: &[(&'static str, T); N]) -> [&'static str; N] {
    let (mut words, mut place) = ([""; N], 0);
    while place < N {
        words[place] = table[place].0;
        place += 1;
    }
    words
}
