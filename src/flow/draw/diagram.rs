//! What is drawn, whoever draws it: cards, lines on them, and ways between them.

/// What is drawn: cards and the ways between them. Text is plain; each writer escapes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Diagram {
    /// What it is called.
    pub(crate) title: String,
    /// The cards. A call begins at the first one.
    pub(crate) nodes: Vec<Node>,
    /// The ways, in the order in which a reader of the flow meets them.
    pub(crate) edges: Vec<Edge>,
}

/// A card: a block of the flow, or where calls come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Unlike that of any other card: the name of its block, or empty for where calls come in.
    pub(crate) id: String,
    /// What stands at its head.
    pub(crate) name: String,
    /// What it is for; its colour and its picture.
    pub(crate) kind: Kind,
    /// What it says and does, step by step.
    pub(crate) lines: Vec<Line>,
    /// A figure of the running server: calls that passed.
    pub(crate) figure: Option<String>,
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is done.
    pub(crate) sign: Sign,
    /// In words.
    pub(crate) text: String,
}

/// A way from a card to a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    /// Where it begins: a place in `Diagram::nodes`.
    pub(crate) from: usize,
    /// Where it leads.
    pub(crate) to: usize,
    /// Who takes it.
    pub(crate) label: Label,
    /// Whether it is the usual one.
    pub(crate) kind: Course,
    /// A figure of the running server: calls that went this way.
    pub(crate) figure: Option<String>,
}

/// Who takes a way: callers who press a key, or those to whom something happens. Both may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    /// The key, drawn as one.
    pub(crate) key: Option<char>,
    /// In words.
    pub(crate) words: String,
}

impl Label {
    /// As one text: `1 suivre votre commande`.
    pub(crate) fn text(&self) -> String {
        let key = self.key.map(String::from).unwrap_or_default();
        format!("{key} {}", self.words).trim().to_owned()
    }
}

/// Whether a way is as the flow's author wished.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Course {
    /// What should happen.
    Usual,
    /// What happens when nobody answers, the caller is silent, a system fails.
    Fallback,
}

/// What a card is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Where calls come in.
    Start,
    /// Says something, or only leads on.
    Say,
    /// Offers keys.
    Menu,
    /// Asks for digits.
    Question,
    /// Branches on hours, a condition, a value.
    Branch,
    /// Waits for an agent.
    Queue,
    /// Rings somebody.
    Talk,
    /// Takes a message.
    Message,
    /// Speaks with systems outside, or tells somebody.
    Outside,
    /// Runs another flow.
    SubFlow,
    /// Ends the call.
    End,
}

/// What a step does, as a small picture.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// Calls come in.
    Enters,
    /// Is said or played.
    Says,
    /// Keys are offered.
    Offers,
    /// Digits are asked for.
    Asks,
    /// Branches.
    Branches,
    /// Looks at a calendar.
    Hours,
    /// Waits in a queue.
    Queues,
    /// Music for a while.
    Pauses,
    /// Rings.
    Rings,
    /// Records.
    Records,
    /// Sets a variable.
    Sets,
    /// Labels the call.
    Tags,
    /// Speaks with a system outside.
    Sends,
    /// Runs another flow.
    Runs,
    /// Hangs up.
    Ends,
}

impl Sign {
    /// As a character, where nothing can be drawn.
    pub(crate) const fn character(self) -> char {
        match self {
            Self::Enters => '☎',
            Self::Says => '♪',
            Self::Offers => '☰',
            Self::Asks => '⌨',
            Self::Branches => '◇',
            Self::Hours => '◷',
            Self::Queues => '⏳',
            Self::Pauses => '♫',
            Self::Rings => '☏',
            Self::Records => '●',
            Self::Sets => '≔',
            Self::Tags => '#',
            Self::Sends => '⇄',
            Self::Runs => '⤷',
            Self::Ends => '■',
        }
    }
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 11] = [
        Self::Start,
        Self::Say,
        Self::Menu,
        Self::Question,
        Self::Branch,
        Self::Queue,
        Self::Talk,
        Self::Message,
        Self::Outside,
        Self::SubFlow,
        Self::End,
    ];

    /// The picture at the head of its cards.
    pub(crate) const fn sign(self) -> Sign {
        match self {
            Self::Start => Sign::Enters,
            Self::Say => Sign::Says,
            Self::Menu => Sign::Offers,
            Self::Question => Sign::Asks,
            Self::Branch => Sign::Branches,
            Self::Queue => Sign::Queues,
            Self::Talk => Sign::Rings,
            Self::Message => Sign::Records,
            Self::Outside => Sign::Sends,
            Self::SubFlow => Sign::Runs,
            Self::End => Sign::Ends,
        }
    }

    /// One word in ASCII: the class of its cards in SVG, Mermaid and DOT.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Say => "say",
            Self::Menu => "menu",
            Self::Question => "question",
            Self::Branch => "branch",
            Self::Queue => "queue",
            Self::Talk => "talk",
            Self::Message => "message",
            Self::Outside => "outside",
            Self::SubFlow => "subflow",
            Self::End => "end",
        }
    }
}
