//! An event as a journal keeps it: the same as the walk heard, a secret digit apart, in a few letters of JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::super::errand::{FetchFailure, Fetched};
use super::super::vocabulary::{Event, QueueNews, Recorded, RingFailure, RingNews};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::time::{Duration, millis};

/// In the place of a digit that nobody shall read.
const MASK: &str = "•";

/// An event that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kept {
    /// A key; none: it was a digit of a secret.
    Key(Option<Digit>),
    /// Anything else.
    Other(Event),
}

impl Kept {
    /// Keeps an event; of an answer only what stands at these paths.
    pub(super) fn of(event: &Event, wanted: &[Vec<String>]) -> Self {
        match event {
            Event::Digit(digit) => Self::Key(Some(*digit)),
            Event::Fetched(Fetched::Answer { status, body }) => {
                Self::Other(Event::Fetched(Fetched::Answer { status: *status, body: pruned(body, wanted) }))
            }
            other => Self::Other(other.clone()),
        }
    }

    /// The same without its digit; star and hash say nothing of a secret.
    pub(super) fn masked(&self) -> Self {
        match self {
            Self::Key(Some(digit)) if digit.event() < 10 => Self::Key(None),
            other => other.clone(),
        }
    }

    /// The event to tell the walk again. A masked digit is any digit: what came of it is noted beside.
    pub(super) fn event(&self) -> Event {
        match self {
            Self::Key(digit) => Event::Digit(digit.or(Digit::from_event(0)).unwrap_or(Digit::HASH)),
            Self::Other(event) => event.clone(),
        }
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Key(Some(digit)) => json!(["key", digit.to_string()]),
            Self::Key(None) => json!(["key", MASK]),
            Self::Other(event) => event_to_json(event),
        }
    }

    pub(super) fn of_json(json: &Json) -> Option<Self> {
        if json.get(0)?.as_str()? != "key" {
            return event_of_json(json).map(Self::Other);
        }
        match json.get(1)?.as_str()? {
            MASK => Some(Self::Key(None)),
            key => Some(Self::Key(Some(Digit::from_char(key.chars().next()?)?))),
        }
    }
}

fn event_to_json(event: &Event) -> Json {
    match event {
        Event::Begin => json!(["begin"]),
        Event::Digit(digit) => json!(["key", digit.to_string()]),
        Event::Played => json!(["played"]),
        Event::Timeout => json!(["timeout"]),
        Event::Queue(news) => match news {
            QueueNews::Position(position, wait) => {
                json!(["position", position, wait.map(|wait| wait.as_secs())])
            }
            QueueNews::NoAgent => json!(["no-agent"]),
            QueueNews::Full => json!(["full"]),
            QueueNews::Ringing(agent) => json!(["agent-rings", agent]),
            QueueNews::Answered(agent) => json!(["agent-answers", agent]),
            QueueNews::AgentLeft(agent) => json!(["agent-leaves", agent]),
            QueueNews::AgentLost(agent) => json!(["agent-lost", agent]),
        },
        Event::Rung(news) => match news {
            RingNews::Ringing => json!(["rings"]),
            RingNews::Answered(who) => json!(["answers", who]),
            RingNews::Failed(why) => json!(["ring-failed", failure_word(*why)]),
            RingNews::Ended => json!(["talk-ends"]),
            RingNews::Lost => json!(["talk-lost"]),
        },
        Event::Recorded(recorded) => json!([
            "recorded",
            millis(recorded.duration),
            recorded.kept,
            recorded.key.map(|key| key.to_string()),
            recorded.failed,
            recorded.path,
        ]),
        Event::Fetched(Fetched::Answer { status, body }) => json!(["fetched", status, body]),
        Event::Fetched(Fetched::Failed(why)) => json!(["fetched", why.as_str()]),
        Event::Promised(kept) => json!(["promised", kept]),
        Event::HungUp => json!(["hung-up"]),
    }
}

fn event_of_json(json: &Json) -> Option<Event> {
    let name = || json.get(1).and_then(Json::as_str).map(Name::from);
    Some(match json.get(0)?.as_str()? {
        "begin" => Event::Begin,
        "played" => Event::Played,
        "timeout" => Event::Timeout,
        "position" => {
            let position = usize::try_from(json.get(1)?.as_u64()?).ok()?;
            let wait = json.get(2).and_then(Json::as_u64).map(Duration::from_secs);
            Event::Queue(QueueNews::Position(position, wait))
        }
        "no-agent" => Event::Queue(QueueNews::NoAgent),
        "full" => Event::Queue(QueueNews::Full),
        "agent-rings" => Event::Queue(QueueNews::Ringing(name()?)),
        "agent-answers" => Event::Queue(QueueNews::Answered(name()?)),
        "agent-leaves" => Event::Queue(QueueNews::AgentLeft(name()?)),
        "agent-lost" => Event::Queue(QueueNews::AgentLost(name()?)),
        "rings" => Event::Rung(RingNews::Ringing),
        "answers" => Event::Rung(RingNews::Answered(name()?)),
        "ring-failed" => Event::Rung(RingNews::Failed(failure(json.get(1)?.as_str()?)?)),
        "talk-ends" => Event::Rung(RingNews::Ended),
        "talk-lost" => Event::Rung(RingNews::Lost),
        "recorded" => Event::Recorded(Recorded {
            duration: Duration::from_millis(json.get(1)?.as_u64()?),
            kept: json.get(2)?.as_bool()?,
            key: json.get(3).and_then(Json::as_str).and_then(|key| Digit::from_char(key.chars().next()?)),
            failed: json.get(4)?.as_bool()?,
            path: json.get(5).and_then(Json::as_str).map(Name::from),
        }),
        "fetched" => Event::Fetched(match json.get(1)? {
            Json::String(word) => {
                Fetched::Failed(FetchFailure::ALL.into_iter().find(|why| why.as_str() == word)?)
            }
            status => Fetched::Answer {
                status: u16::try_from(status.as_u64()?).ok()?,
                body: json.get(2).cloned().unwrap_or(Json::Null),
            },
        }),
        "promised" => Event::Promised(json.get(1)?.as_bool()?),
        "hung-up" => Event::HungUp,
        _ => return None,
    })
}

const FAILURES: [(&str, RingFailure); 3] = [
    ("no-answer", RingFailure::NoAnswer),
    ("busy", RingFailure::Busy),
    ("unreachable", RingFailure::Unreachable),
];

fn failure_word(why: RingFailure) -> &'static str {
    FAILURES.iter().find(|(_, known)| *known == why).map_or("no-answer", |(word, _)| word)
}

fn failure(word: &str) -> Option<RingFailure> {
    FAILURES.iter().find(|(known, _)| *known == word).map(|(_, why)| *why)
}

/// What of a body stands at these paths; lists become maps of their places.
fn pruned(body: &Json, wanted: &[Vec<String>]) -> Json {
    let mut kept = Json::Null;
    for path in wanted {
        let found = path.iter().try_fold(body, |json, key| match json {
            Json::Array(items) => items.get(key.parse::<usize>().ok()?),
            json => json.get(key),
        });
        let Some(found) = found.filter(|found| !found.is_array() && !found.is_object()) else { continue };
        let mut place = &mut kept;
        for key in path {
            if !place.is_object() {
                *place = Json::Object(Map::new());
            }
            let Json::Object(map) = place else { break };
            place = map.entry(key.clone()).or_insert(Json::Null);
        }
        *place = found.clone();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_comes_back_as_it_was() {
        let name = || Name::from("alice");
        let recorded = Recorded {
            duration: Duration::from_millis(1_250),
            kept: true,
            key: Some(Digit::HASH),
            failed: false,
            path: None,
        };
        let events = [
            Event::Begin,
            Event::Played,
            Event::Timeout,
            Event::Queue(QueueNews::Position(3, Some(Duration::from_secs(90)))),
            Event::Queue(QueueNews::Position(1, None)),
            Event::Queue(QueueNews::NoAgent),
            Event::Queue(QueueNews::Full),
            Event::Queue(QueueNews::Ringing(name())),
            Event::Queue(QueueNews::Answered(name())),
            Event::Queue(QueueNews::AgentLeft(name())),
            Event::Queue(QueueNews::AgentLost(name())),
            Event::Rung(RingNews::Ringing),
            Event::Rung(RingNews::Answered(name())),
            Event::Rung(RingNews::Failed(RingFailure::Busy)),
            Event::Rung(RingNews::Ended),
            Event::Rung(RingNews::Lost),
            Event::Recorded(recorded.clone()),
            Event::Recorded(Recorded { path: Some("a/b".into()), key: None, ..recorded }),
            Event::Fetched(Fetched::Answer { status: 404, body: Json::Null }),
            Event::Fetched(Fetched::Failed(FetchFailure::Resting)),
            Event::Promised(false),
            Event::HungUp,
        ];
        for event in events {
            let kept = Kept::of(&event, &[]);
            let read: Json = serde_json::from_str(&kept.to_json().to_string()).unwrap();
            assert_eq!(Kept::of_json(&read).as_ref(), Some(&kept), "{event:?}");
            let whole = serde_json::to_string(&kept).unwrap();
            assert_eq!(serde_json::from_str::<Kept>(&whole).unwrap(), kept, "{whole}");
        }
        let key = Kept::Key(Digit::from_char('7'));
        assert_eq!(Kept::of_json(&key.to_json()), Some(key.clone()));
        assert_eq!(key.masked().to_json(), json!(["key", "•"]));
        assert_eq!(Kept::Key(Some(Digit::STAR)).masked(), Kept::Key(Some(Digit::STAR)));
    }

    #[test]
    fn of_an_answer_only_what_the_flow_reads_is_kept() {
        let body = json!({ "statut": "ok", "client": { "nom": "Martin", "iban": "FR76…" }, "lignes": [{ "ref": 7 }] });
        let paths = [
            vec!["statut".into()],
            vec!["client".into(), "nom".into()],
            vec!["lignes".into(), "0".into(), "ref".into()],
        ];
        let kept = pruned(&body, &paths);
        assert_eq!(
            kept,
            json!({ "statut": "ok", "client": { "nom": "Martin" }, "lignes": { "0": { "ref": 7 } } })
        );
        assert_eq!(pruned(&kept, &paths), kept);
        assert_eq!(pruned(&body, &[vec!["client".into()]]), Json::Null);
    }
}
