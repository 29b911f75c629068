//! Whether a call has come to what was expected of it, and how it differs.

use super::super::Wrong;
use super::super::http;
use super::{ENDINGS, Ending, Expected, Kind, Note, Stop};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::centre::number;
use crate::flow::errand::Letter;
use crate::say;
use crate::sim::conversation::Story;
use crate::sim::scenario::hear::Wanted;

impl Expected {
    /// What is wrong with the story of a call.
    pub(super) fn judge(&self, story: &Story) -> Option<Wrong> {
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
                        && number.as_ref().is_none_or(|number| same_number(number, callback.number.reveal()))
                });
                let parts = [queue.as_deref().map(str::to_owned), number.as_deref().map(number::display)];
                let wanted = list(parts.iter().flatten());
                let was = story.callback.as_ref();
                let was = was.map(|it| format!("{}, {}", it.queue, number::display(it.number.reveal())));
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
