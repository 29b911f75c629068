//! What can stand behind a verb and behind each of its options: the one source of the schema and of the reference page.

/// An option of a verb.
#[derive(Copy, Clone, Debug)]
pub struct Opt {
    /// Its key.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    /// What it is for, in a line; with its usual value.
    pub says: &'static str,
}

/// A row of a verb's table of options.
pub const fn opt(name: &'static str, shape: Shape, says: &'static str) -> Opt {
    Opt { name, shape, says }
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
    /// `true` or `false`.
    YesNo,
    /// A condition, or a value: `statut == "prete"`.
    Condition,
    /// How many digits: `8`, `4..10`.
    Range,
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
    /// Nothing.
    Nothing,
}
