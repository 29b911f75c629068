//! What a scenario expects to have come of its call, and whether it has.

use std::collections::BTreeSet;
use std::ops::Range;

use super::hear::Wanted;
use super::http::{self, Request};
use super::read::Reader;
use super::{Scenario, Wrong};
use crate::base::diagnostic::{Diagnostic, Text};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};
use crate::centre::number;
use crate::flow::errand::Letter;
use crate::flow::verb::Step;
use crate::flow::vocabulary::HangUp;
use crate::say;
use crate::sim::conversation::Story;

/// One thing that is expected, and where it stands.
#[derive(Debug)]
pub(super) struct Expectation {
    place: Range<usize>,
    what: Expected,
}

#[derive(Debug)]
enum Expected {
    Tag(Name),
    Path(Vec<Stop>),
    Visit(Name),
    Queue(Name),
    Mailbox(Name),
    Agents(Vec<Name>),
    Keys(String),
    Ended(Ending),
    Sms(Note),
    Email(Note),
    Event(Name, Vec<(Name, String)>),
    Answer(Name, u8),
    Callback(Option<Name>, Option<String>),
    Card(String),
    Request(Request, String),
    /// Nothing of that kind.
    None(Kind),
}

/// A place of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    Block(Name),
    Anything,
}

/// How a call ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Ending {
    Flow(HangUp),
    Caller,
}

/// A message; what is left out may be anything.
#[derive(Debug, Default)]
struct Note {
    to: Option<String>,
    subject: Option<Wanted>,
    text: Option<Wanted>,
}

/// What can be absent: an empty list expects that.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Tags,
    Agents,
    Sms,
    Email,
    Events,
    Requests,
}

const KEYS: &[&str] = &[
    "tags", "path", "visits", "queue", "mailbox", "agents", "keys", "ended", "sms", "email", "events",
    "answers", "callback", "card", "requests",
];
const ENDINGS: &[(&str, Ending)] = &[
    ("normal", Ending::Flow(HangUp::Normal)),
    ("busy", Ending::Flow(HangUp::Busy)),
    ("technical", Ending::Flow(HangUp::Technical)),
    ("rejected", Ending::Flow(HangUp::Rejected)),
    ("caller", Ending::Caller),
];

impl Reader<'_> {
    /// `expect: { queue: conseillers }`
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let pairs = self.pairs(node, Text::word("`expect`"));
        self.only(&pairs, Text::word("`expect`"), KEYS);
        let mut all = Vec::new();
        for (key, value) in pairs {
            let word = key.text().unwrap_or("");
            if value.value == Value::Null {
                if KEYS.contains(&word) {
                    self.error(
                        key,
                        "missing-value",
                        say!("something is missing behind `{}`", word),
                        Text::default(),
                    );
                }
                continue;
            }
            self.expectation(word, value, &mut all);
        }
        all
    }

    fn expectation(&mut self, word: &str, value: &Node, all: &mut Vec<Expectation>) {
        let site = &self.edition.site;
        let place = value.range.clone();
        let one = |what: Option<Expected>| what.map(|what| Expectation { place: place.clone(), what });
        let single = match word {
            "path" => one(self.path(value)),
            "queue" => {
                one(self.one_of(value, Text::word("queue"), site.shared.queues.keys()).map(Expected::Queue))
            }
            "mailbox" => one(self
                .one_of(value, Text::word("mailbox"), site.shared.mailboxes.keys())
                .map(Expected::Mailbox)),
            "keys" => one(self
                .keys(value)
                .map(|keys| Expected::Keys(keys.iter().map(ToString::to_string).collect()))),
            "ended" => one(self.ending(value)),
            "callback" => one(self.callback(value)),
            "card" => one(self.text(value).map(|card| Expected::Card(card.to_owned()))),
            "agents" if !empty(value) => {
                let names = self.list(value).into_iter();
                let names: Vec<Name> = names
                    .filter_map(|node| self.one_of(node, Text::word("agent"), site.shared.agents.keys()))
                    .collect();
                one(Some(Expected::Agents(names)))
            }
            "answers" => {
                for (name, node) in self.pairs(value, Text::word("`answers`")) {
                    let read = (self.text(name).map(Name::from), self.number(node));
                    if let (Some(name), Some(answer)) = read {
                        let what = Expected::Answer(name, u8::try_from(answer).unwrap_or(u8::MAX));
                        all.push(Expectation { place: node.range.clone(), what });
                    }
                }
                None
            }
            _ => None,
        };
        all.extend(single);
        self.several(word, value, all);
    }

    /// What a call can have any number of.
    fn several(&mut self, word: &str, value: &Node, all: &mut Vec<Expectation>) {
        let place = value.range.clone();
        let kind = match word {
            "tags" => Kind::Tags,
            "agents" => Kind::Agents,
            "sms" => Kind::Sms,
            "email" => Kind::Email,
            "events" => Kind::Events,
            "requests" => Kind::Requests,
            "visits" => {
                for node in self.list(value) {
                    let block = self.block(node);
                    all.extend(block.map(|block| Expectation {
                        place: node.range.clone(),
                        what: Expected::Visit(block),
                    }));
                }
                return;
            }
            _ => return,
        };
        if empty(value) {
            all.push(Expectation { place: place.clone(), what: Expected::None(kind) });
            return;
        }
        for node in self.list(value) {
            let what = match kind {
                Kind::Tags => self.tag(node).map(Expected::Tag),
                Kind::Sms => {
                    self.note(node, Text::word("a text message"), &["to", "text"]).map(Expected::Sms)
                }
                Kind::Email => {
                    self.note(node, Text::word("an e-mail"), &["to", "subject", "text"]).map(Expected::Email)
                }
                Kind::Events => self.event(node),
                Kind::Requests => self
                    .request(node)
                    .map(|request| Expected::Request(request, node.text().unwrap_or("").to_owned())),
                Kind::Agents => None,
            };
            all.extend(what.map(|what| Expectation { place: node.range.clone(), what }));
        }
    }

    fn path(&mut self, value: &Node) -> Option<Expected> {
        let mut stops = Vec::new();
        for node in self.list(value) {
            stops.push(match node.text() {
                Some("…" | "...") => Stop::Anything,
                _ => Stop::Block(self.block(node)?),
            });
        }
        Some(Expected::Path(stops))
    }

    /// A block of any flow; those of a flow that was called are named with it.
    fn block(&mut self, node: &Node) -> Option<Name> {
        let flows = &self.edition.site.flows;
        let text = self.text(node)?;
        let blocks = flows.values().flat_map(|flow| {
            let name = flow.name.clone();
            flow.blocks().flat_map(move |(_, block)| {
                [block.name.clone(), Name::from(format!("{name}/{}", block.name))]
            })
        });
        let known: BTreeSet<Name> = blocks.collect();
        match known.get(text) {
            Some(name) => Some(name.clone()),
            None => {
                let plain = known.iter().filter(|name| !name.contains('/') || text.contains('/'));
                self.unknown(node, "unknown-block", Text::word("block"), plain.map(Name::as_str));
                None
            }
        }
    }

    fn tag(&mut self, node: &Node) -> Option<Name> {
        let steps = self
            .edition
            .site
            .flows
            .values()
            .flat_map(|flow| flow.blocks().flat_map(|(_, block)| &block.steps));
        let tags = steps.filter_map(|step| if let Step::Tag(tag) = step { Some(tag) } else { None });
        let tags: BTreeSet<Name> = tags.cloned().collect();
        self.one_of(node, Text::word("tag"), tags.iter())
    }

    fn ending(&mut self, node: &Node) -> Option<Expected> {
        let text = self.text(node)?;
        let found =
            ENDINGS.iter().find(|(word, _)| *word == text).map(|(_, ending)| Expected::Ended(*ending));
        if found.is_none() {
            self.unknown(node, "unknown-name", Text::word("ending"), ENDINGS.iter().map(|(word, _)| *word));
        }
        found
    }

    fn note(&mut self, node: &Node, what: Text, keys: &[&str]) -> Option<Note> {
        let pairs = self.pairs(node, what.clone());
        self.only(&pairs, what, keys);
        let mut note = Note::default();
        for (key, value) in pairs {
            let text = self.text(value)?;
            match key.text() {
                Some("to") => note.to = Some(text.to_owned()),
                Some("subject") => note.subject = Wanted::words(text),
                Some("text") => note.text = Wanted::words(text),
                _ => {}
            }
        }
        Some(note)
    }

    /// `commande`, or `{ commande: { numero: 12 } }`.
    fn event(&mut self, node: &Node) -> Option<Expected> {
        if node.text().is_some() {
            return Some(Expected::Event(self.text(node)?.into(), Vec::new()));
        }
        let pairs = self.pairs(node, Text::word("an event"));
        let (name, fields) = pairs.first()?;
        let mut wanted = Vec::new();
        for (field, value) in self.pairs(fields, Text::word("an event")) {
            wanted.push((self.text(field)?.into(), self.text(value)?.to_owned()));
        }
        Some(Expected::Event(self.text(name)?.into(), wanted))
    }

    fn callback(&mut self, node: &Node) -> Option<Expected> {
        let pairs = self.pairs(node, Text::word("`callback`"));
        self.only(&pairs, Text::word("`callback`"), &["queue", "number"]);
        let queues = &self.edition.site.shared.queues;
        let queue = match node.get("queue") {
            Some(queue) => Some(self.one_of(queue, Text::word("queue"), queues.keys())?),
            None => None,
        };
        let number = match node.get("number") {
            Some(number) => Some(self.text(number)?.to_owned()),
            None => None,
        };
        Some(Expected::Callback(queue, number))
    }
}

fn empty(node: &Node) -> bool {
    matches!(&node.value, Value::List(items) if items.is_empty())
}

impl Expectation {
    /// What is wrong with the story of a call, at the place of the expectation.
    pub(super) fn judge(&self, scenario: &Scenario, story: &Story) -> Option<Diagnostic> {
        let wrong = self.what.judge(story)?;
        Some(scenario.wrong(&self.place, wrong))
    }
}

impl Expected {
    fn judge(&self, story: &Story) -> Option<Wrong> {
        match self {
            Self::Tag(tag) => absent(story.tags.contains(tag), Text::word("tag"), tag, &story.tags),
            Self::Visit(block) => absent(story.path.contains(block), Text::word("block"), block, &story.path),
            Self::Path(stops) => {
                let wanted = list(stops.iter().map(|stop| match stop {
                    Stop::Block(block) => block.as_str(),
                    Stop::Anything => "…",
                }));
                differs(follows(stops, &story.path), not_as_expected("path"), &wanted, &list(&story.path))
            }
            Self::Queue(queue) => same(not_as_expected("queue"), queue, story.queue.as_deref()),
            Self::Mailbox(mailbox) => same(not_as_expected("mailbox"), mailbox, story.mailbox.as_deref()),
            Self::Agents(agents) => differs(
                *agents == story.agents,
                not_as_expected("agents"),
                &list(agents),
                &list(&story.agents),
            ),
            Self::Keys(keys) => differs(*keys == story.keys, not_as_expected("keys"), keys, &story.keys),
            Self::Ended(ending) => {
                let was = story.ended.map_or(Ending::Caller, Ending::Flow);
                differs(*ending == was, not_as_expected("ended"), ending.word(), was.word())
            }
            Self::Sms(note) => note.judge(Text::word("text message"), story),
            Self::Email(note) => note.judge(Text::word("e-mail"), story),
            Self::Event(name, fields) => {
                let fits = |(event, given): &(Name, Vec<(Name, String)>)| {
                    event == name && fields.iter().all(|field| given.contains(field))
                };
                let told: Vec<String> =
                    story.events.iter().map(|(name, fields)| event_text(name, fields)).collect();
                absent(story.events.iter().any(fits), Text::word("event"), &event_text(name, fields), &told)
            }
            Self::Answer(survey, answer) => {
                let given = story.answers.get(survey).map(ToString::to_string);
                let wanted = answer.to_string();
                same(say!("the answer to `{}` is not as expected", survey), &wanted, given.as_deref())
            }
            Self::Callback(queue, number) => {
                let fits = story.callback.as_ref().is_some_and(|callback| {
                    queue.as_ref().is_none_or(|queue| *queue == callback.queue)
                        && number.as_ref().is_none_or(|number| same_number(number, &callback.number))
                });
                let parts = [queue.as_deref().map(str::to_owned), number.as_deref().map(number::display)];
                let wanted = list(parts.iter().flatten());
                let was = story.callback.as_ref();
                let was =
                    was.map(|callback| format!("{}, {}", callback.queue, number::display(&callback.number)));
                differs(fits, not_as_expected("callback"), &wanted, was.as_deref().unwrap_or(""))
            }
            Self::Card(card) => same(not_as_expected("card"), card, story.card.as_deref()),
            Self::Request(request, text) => {
                let made: Vec<String> = story.requests.iter().map(http::written).collect();
                absent(
                    story.requests.iter().any(|fetch| request.fits(fetch)),
                    Text::word("request"),
                    text,
                    &made,
                )
            }
            Self::None(kind) => kind.judge(story),
        }
    }
}

impl Kind {
    fn judge(self, story: &Story) -> Option<Wrong> {
        let sms = |letter: &&Letter| matches!(letter, Letter::Sms { .. });
        let (what, there) = match self {
            Self::Tags => (Text::word("tags"), list(&story.tags)),
            Self::Agents => (Text::word("agents"), list(&story.agents)),
            Self::Sms => {
                (Text::word("text messages"), list(story.letters.iter().filter(sms).map(letter_text)))
            }
            Self::Email => (
                Text::word("e-mails"),
                list(story.letters.iter().filter(|letter| !sms(letter)).map(letter_text)),
            ),
            Self::Events => (Text::word("events"), list(story.events.iter().map(|(name, _)| name))),
            Self::Requests => (Text::word("requests"), list(story.requests.iter().map(http::written))),
        };
        (!there.is_empty()).then(|| Wrong {
            code: "unexpected",
            message: say!("no {} are expected, and there are some", what),
            help: say!("there are: {}", there),
        })
    }
}

impl Ending {
    fn word(self) -> &'static str {
        ENDINGS.iter().find(|(_, ending)| *ending == self).map_or("", |(word, _)| *word)
    }
}

impl Note {
    fn judge(&self, what: Text, story: &Story) -> Option<Wrong> {
        let is_sms = self.subject.is_none() && what == Text::word("text message");
        let of_kind = story.letters.iter().filter(|letter| matches!(letter, Letter::Sms { .. }) == is_sms);
        let sent: Vec<&Letter> = of_kind.collect();
        if sent.iter().any(|letter| self.fits(letter)) {
            return None;
        }
        let message = say!("no {} like this is sent", what);
        let help = match sent.is_empty() {
            true => say!("no {} is sent at all", what),
            false => say!("sent is:\n{}", lines(sent.into_iter().map(letter_text))),
        };
        Some(Wrong { code: "not-sent", message, help })
    }

    fn fits(&self, letter: &Letter) -> bool {
        let says =
            |wanted: &Option<Wanted>, text: &str| wanted.as_ref().is_none_or(|wanted| wanted.is_in(text));
        match letter {
            Letter::Sms { to, text } => {
                self.to.as_ref().is_none_or(|wanted| same_number(wanted, to)) && says(&self.text, text)
            }
            Letter::Email { to, subject, text, .. } => {
                self.to.as_ref().is_none_or(|wanted| to.iter().any(|to| to.eq_ignore_ascii_case(wanted)))
                    && says(&self.subject, subject)
                    && says(&self.text, text)
            }
        }
    }
}

/// Whether two ways of writing mean one number.
fn same_number(one: &str, other: &str) -> bool {
    let normal = |text: &str| number::normalise(text).number.unwrap_or_else(|| text.to_owned());
    normal(one) == normal(other)
}

/// Whether a path is the one that is expected.
fn follows(stops: &[Stop], path: &[Name]) -> bool {
    match (stops.split_first(), path.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some((Stop::Anything, rest)), _) => (0..=path.len()).any(|from| follows(rest, &path[from..])),
        (Some((Stop::Block(block), rest)), Some((first, path))) => block == first && follows(rest, path),
        (Some((Stop::Block(_), _)), None) => false,
    }
}

/// A thing that should be among others.
fn absent<T: std::fmt::Display>(is_there: bool, what: Text, wanted: &str, there: &[T]) -> Option<Wrong> {
    (!is_there).then(|| Wrong {
        code: "expected",
        message: say!("the call has no {} `{}`", what, wanted),
        help: match there.is_empty() {
            true => say!("it has no {} at all", what),
            false => say!("it has: {}", list(there)),
        },
    })
}

/// A thing of which a call has one or none.
fn same(message: Text, wanted: &str, was: Option<&str>) -> Option<Wrong> {
    differs(was == Some(wanted), message, wanted, was.unwrap_or(""))
}

fn not_as_expected(key: &str) -> Text {
    say!("{} is not as expected", format!("`{key}`"))
}

fn differs(is_same: bool, message: Text, wanted: &str, was: &str) -> Option<Wrong> {
    (!is_same).then(|| Wrong {
        code: "expected",
        message,
        help: match was.is_empty() {
            true => say!("expected: {}\nbut there is none", wanted),
            false => say!("expected: {}\nbut it is: {}", wanted, was),
        },
    })
}

fn list<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn lines(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

fn event_text(name: &str, fields: &[(Name, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(field, value)| format!("{field}: {value}")).collect();
    if fields.is_empty() { name.to_owned() } else { format!("{name} {{ {} }}", fields.join(", ")) }
}

fn letter_text(letter: &Letter) -> String {
    match letter {
        Letter::Sms { to, text } => format!("{}: {text}", number::display(to)),
        Letter::Email { to, subject, text, .. } => format!("{}: {subject}: {text}", to.join(", ")),
    }
}
