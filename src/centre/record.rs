//! The record of a call: everything that the operator may ask about it later, as one line of JSON.
//!
//! Exactly one per call (law 4). The caller's number is revealed here and nowhere else; keys of secret questions never
//! get here, because a walk does not trace them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cost_record::CostRecord;
use super::leg_record::LegRecord;
use super::number::Class;
use super::outcome::Outcome;
use super::step_record::StepRecord;
use super::visit_record::VisitRecord;
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant, Moment, Wall};

/// Blocks, keys and tags that one record keeps of each: a caller who circles for hours fills no disk.
pub(super) const TRACES_MAX: usize = 500;

/// One call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Unique, sortable by time: 26 characters (see [`record_id`]).
    pub id: String,
    /// The SIP Call-ID of the caller's leg.
    pub(crate) call_id: String,
    /// The short reference that was said to the caller.
    pub(crate) reference: String,
    /// Which trunk brought it; none: a registered phone.
    pub(crate) trunk: Option<Name>,
    /// From which address.
    pub(crate) peer: Option<std::net::SocketAddr>,
    /// The number dialled, normal form.
    pub(crate) number: Option<String>,
    /// Everything that could be the number dialled, as it came (rule N4).
    pub(crate) called_raw: CalledRaw,
    /// The campaign of that number.
    pub(crate) campaign: Option<Name>,
    /// The caller's number; none when secret or unknown.
    pub caller: Option<String>,
    /// The name that came with it; none when secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) caller_name: Option<String>,
    /// What kind of number that is.
    pub(crate) caller_class: Option<Class>,
    /// The STIR Identity value (RFC 8224), as it came.
    pub(crate) identity: Option<String>,
    /// When the INVITE came: RFC 3339 with offset.
    pub(crate) started: Moment,
    /// When it was answered.
    pub(crate) answered: Option<Moment>,
    /// When it ended; none only while it goes on.
    pub(crate) ended: Option<Moment>,
    /// Where the time went.
    #[serde(flatten)]
    pub clocks: Clocks,
    /// The flow, by name.
    pub(crate) flow: Option<Name>,
    /// Which version of it: changes with its text.
    pub(crate) flow_version: Option<String>,
    /// Which version of the whole site: changes with any of its texts.
    pub(crate) site_version: Option<String>,
    /// Blocks in the order in which they were entered.
    pub path: Vec<Name>,
    /// Keys that menus and open questions took.
    pub keys: String,
    /// Labels.
    pub tags: Vec<Name>,
    /// Business events, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<BusinessEvent>,
    /// Answers to surveys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<Name, u8>,
    /// Questions to the company's own system: the host, and the status or why there was no answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<Lookup>,
    /// The address of the caller's card in the company's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// Text messages that the flow sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sms: u32,
    /// E-mails that the flow sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) emails: u32,
    /// Recordings into variables: their files, within the mailbox folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) recordings: Vec<String>,
    /// The call back that was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<Promised>,
    /// The record of the call in which this call back was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_of: Option<String>,
    /// The announcement that the call is free, when it was due and begun.
    pub announcement: Option<Announcement>,
    /// The queue that the caller waited in last.
    pub queue: Option<Name>,
    /// Telephones that were rung for the caller, in the order in which it was known how they took it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<LegRecord>,
    /// Who talked to the caller, in order.
    pub agents: Vec<Name>,
    /// The mailbox and the file of the message that was left.
    pub message: Option<Message>,
    /// Who ended the call.
    pub ended_by: EndedBy,
    /// Why, in a word or a Reason value.
    pub reason: Option<String>,
    /// The final SIP status of the caller's INVITE.
    pub(crate) status: u16,
    /// Codec of the caller's leg.
    pub(crate) codec: Option<Name>,
    /// What the caller's media was like.
    pub(crate) media: Option<MediaReport>,
    /// How it went, in one word; none of calls before there were outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostRecord>,
    /// The code of an advert that the caller typed (`extensions:`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Name>,
    /// Blocks that the caller came through, with their times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepRecord>,
    /// Stays in queues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<VisitRecord>,
    /// What the flow was told, so that the call can be walked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<serde_json::Value>,
}

/// A business event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BusinessEvent {
    /// Its name.
    pub(crate) name: Name,
    /// What belongs to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) with: BTreeMap<Name, String>,
}

/// A question to the company's own system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// Whom.
    pub(crate) host: Name,
    /// A status code, or why there was no answer.
    pub outcome: String,
}

/// A call back that was promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The queue in which the place is kept.
    pub queue: Name,
    /// The number to call.
    pub number: String,
    /// Until when.
    pub(crate) before: Moment,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
pub(super) fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl CallRecord {
    /// The caller is on the line from now on.
    pub(crate) fn answered(&mut self, at: Moment) {
        self.answered = Some(at);
        self.status = 200;
    }

    /// The first packet of the announcement has left, this long after the answer.
    pub(crate) fn announcement_begun(&mut self, begun_ms: u64) {
        self.announcement = Some(Announcement { begun_ms, ended_ms: None, full: false });
    }

    /// Its last packet has left, or the call ended first.
    pub(crate) fn announcement_ended(&mut self, ended_ms: u64, full: bool) {
        if let Some(announcement) = self.announcement.as_mut().filter(|it| it.ended_ms.is_none()) {
            *announcement = Announcement { ended_ms: Some(ended_ms), full, ..*announcement };
        }
    }

    /// A key was taken.
    pub(crate) fn key(&mut self, key: Digit) {
        if self.keys.len() < TRACES_MAX {
            self.keys.push(key.as_char());
        }
    }

    /// A label was given; each stands once.
    pub(crate) fn tag(&mut self, tag: Name) {
        if self.tags.len() < TRACES_MAX && !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
    }

    /// A business event was reported.
    pub(crate) fn event(&mut self, name: Name, fields: &[(Name, String)]) {
        if self.events.len() < TRACES_MAX {
            self.events.push(BusinessEvent { name, with: fields.iter().cloned().collect() });
        }
    }

    /// The company's own system was asked.
    pub(crate) fn lookup(&mut self, host: Name, outcome: String) {
        if self.lookups.len() < TRACES_MAX {
            self.lookups.push(Lookup { host, outcome });
        }
    }

    /// The caller was recorded into a variable.
    pub(crate) fn recording(&mut self, file: String) {
        if self.recordings.len() < TRACES_MAX {
            self.recordings.push(file);
        }
    }

    /// A telephone was rung.
    pub(crate) fn leg(&mut self, leg: LegRecord) {
        if self.legs.len() < TRACES_MAX {
            self.legs.push(leg);
        }
    }

    /// An agent talked to the caller.
    pub(crate) fn agent(&mut self, agent: Name) {
        if self.agents.len() < TRACES_MAX && self.agents.last() != Some(&agent) {
            self.agents.push(agent);
        }
    }

    /// One line of JSON, without its end of line.
    pub fn to_json(&self) -> String {
        // Only maps with keys that are no strings, or a failing `Serialize`, can fail; there is neither.
        serde_json::to_string(self).unwrap_or_else(|_| String::from("{}"))
    }
}

/// The raw values in which a called number may stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CalledRaw {
    /// Request-URI.
    pub(crate) request_uri: String,
    /// To.
    pub(crate) to: String,
    /// All Diversion values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) diversion: Vec<String>,
    /// All History-Info values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<String>,
}

/// The announcement that the call is free: evidence (rule A4).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Begun this long after the answer.
    pub begun_ms: u64,
    /// Ended this long after the answer, by its last word or by the end of the call; none while it lasts.
    pub ended_ms: Option<u64>,
    /// Heard to its end.
    pub full: bool,
}

/// A message that the caller left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which mailbox.
    pub mailbox: Name,
    /// Its file, within the mailbox folder.
    pub file: String,
    /// How long it is.
    pub duration_ms: u64,
}

/// Who ended a call.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndedBy {
    /// The caller hung up or cancelled.
    Caller,
    /// The flow said `hangup`.
    Flow,
    /// The agent hung up and the flow had nothing more to say.
    Agent,
    /// We: overload, shutdown, a bound, or a bug.
    #[default]
    Server,
    /// The line was lost.
    Network,
}

/// What the media of a leg was like.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaReport {
    /// RTP packets sent.
    pub(crate) sent: u64,
    /// RTP packets received.
    pub(crate) received: u64,
    /// Packets that never came.
    pub(crate) lost: u64,
    /// Interarrival jitter, RFC 3550 §6.4.1, at the end.
    pub(crate) jitter_ms: u32,
}

/// What a call is doing, for the clocks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Not answered yet.
    Ring,
    /// In the flow: prompts, menus, questions, messages.
    Flow,
    /// In a queue, or while somebody's phone rings.
    Wait,
    /// With an agent or outside.
    Talk,
}

/// Where the time of a call went. Whole milliseconds; together they are its length.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Before the answer.
    pub(crate) ring_ms: u64,
    /// In the flow.
    pub flow_ms: u64,
    /// Waiting.
    pub wait_ms: u64,
    /// Talking.
    pub talk_ms: u64,
}

impl Clocks {
    /// So much more of a phase.
    pub(crate) fn add(&mut self, phase: Phase, ms: u64) {
        let clock = match phase {
            Phase::Ring => &mut self.ring_ms,
            Phase::Flow => &mut self.flow_ms,
            Phase::Wait => &mut self.wait_ms,
            Phase::Talk => &mut self.talk_ms,
        };
        *clock += ms;
    }
}

/// Adds up the phases of a call as they come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stopwatch {
    clocks: [Duration; 4],
    phase: Phase,
    since: Instant,
}

impl Stopwatch {
    /// Begins with `Ring`.
    pub(crate) const fn start(now: Instant) -> Self {
        Self { clocks: [Duration::ZERO; 4], phase: Phase::Ring, since: now }
    }

    /// From now on the call is in this phase; the same as before is harmless.
    pub(crate) fn enter(&mut self, now: Instant, phase: Phase) {
        self.clocks[self.phase as usize] += now - self.since;
        self.phase = phase;
        self.since = self.since.max(now);
    }

    /// In which phase the call is.
    pub(crate) const fn phase(&self) -> Phase {
        self.phase
    }

    /// How long it has run.
    pub(crate) fn begun(&self, now: Instant) -> Duration {
        self.clocks.iter().sum::<Duration>() + (now - self.since)
    }

    /// The sums if the call ended now.
    pub(crate) fn read(&self, now: Instant) -> Clocks {
        let mut clocks = self.clocks;
        clocks[self.phase as usize] += now - self.since;
        let [ring_ms, flow_ms, wait_ms, talk_ms] =
            clocks.map(|clock| u64::try_from(clock.as_millis()).unwrap_or(u64::MAX));
        Clocks { ring_ms, flow_ms, wait_ms, talk_ms }
    }
}

/// A record's id: 48 bits of time and 80 of chance in Crockford's base 32, sortable as text by time (the form of a ULID).
pub(crate) fn record_id(wall: Wall, rng: &mut Rng) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let time = u128::from(wall.epoch_ms().unsigned_abs() & 0xffff_ffff_ffff);
    let chance = u128::from(rng.u64()) << 16 | u128::from(rng.u32() & 0xffff);
    let bits = time << 80 | chance;
    (0..26).rev().map(|place| char::from(ALPHABET[(bits >> (place * 5) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    #[test]
    fn the_clocks_add_up_to_the_call() {
        let mut watch = Stopwatch::start(at(1_000));
        watch.enter(at(1_200), Phase::Flow);
        watch.enter(at(10_200), Phase::Wait);
        watch.enter(at(15_200), Phase::Talk);
        watch.enter(at(20_200), Phase::Wait);
        watch.enter(at(21_200), Phase::Wait);
        let clocks = watch.read(at(22_200));
        assert_eq!(clocks, Clocks { ring_ms: 200, flow_ms: 9_000, wait_ms: 7_000, talk_ms: 5_000 });
        assert_eq!(watch.phase(), Phase::Wait);
    }

    #[test]
    fn a_record_is_one_line_that_reads_back() {
        let mut record = CallRecord {
            id: "01".into(),
            caller: Some("+33612345678".into()),
            caller_class: Some(Class::Mobile),
            announcement: Some(Announcement { begun_ms: 80, ended_ms: Some(2_580), full: true }),
            ended_by: EndedBy::Caller,
            reason: Some("with \"quotes\"\r\nand lines".into()),
            clocks: Clocks { ring_ms: 1, flow_ms: 2, wait_ms: 3, talk_ms: 4 },
            ..CallRecord::default()
        };
        record.block(Name::from("accueil"), 0);
        record.key(Digit::HASH);
        record.tag(Name::from("SAV"));
        record.tag(Name::from("SAV"));
        for agent in ["alice", "alice", "bruno", "alice"] {
            record.agent(Name::from(agent));
        }
        assert_eq!(record.agents, ["alice", "bruno", "alice"].map(Name::from), "once for each talk in a row");
        let line = record.to_json();
        assert!(!line.contains('\n'));
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["caller_class"], "mobile");
        assert_eq!((&value["ring_ms"], &value["talk_ms"]), (&1.into(), &4.into()));
        assert_eq!(
            (&value["keys"], &value["tags"][0], value["tags"].as_array().unwrap().len()),
            (&"#".into(), &"SAV".into(), 1)
        );
        assert_eq!(value["announcement"]["full"], true);
        assert_eq!(value["ended_by"], "caller");
        assert_eq!(value["media"], serde_json::Value::Null);
    }

    #[test]
    fn a_record_has_bounds() {
        let mut record = CallRecord::default();
        for _ in 0..10_000 {
            record.block(Name::from("menu"), 0);
            record.key(Digit::STAR);
        }
        assert_eq!((record.path.len(), record.keys.len()), (TRACES_MAX, TRACES_MAX));
    }

    #[test]
    fn ids_sort_by_time_and_differ() {
        let mut rng = Rng::seeded(1);
        let mut id = |ms| record_id(Wall::from_epoch_ms(ms), &mut rng);
        let (first, same, later) = (id(1_790_000_000_000), id(1_790_000_000_000), id(1_790_000_000_001));
        assert_ne!(first, same);
        assert!(first.len() == 26 && first < later && same < later);
    }
}
