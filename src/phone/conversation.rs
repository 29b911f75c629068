//! What is done in one call beside SIP: its media, its script, its drawing. A value, without socket or clock.

use std::collections::VecDeque;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};

use crate::base::codec::{Direction, G711, Negotiated};
use crate::base::digit::Digit;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::phone::call::{Call, End, Event};
use crate::phone::fingerprint::fingerprint;
use crate::phone::handset::{Happening, Outcome};
use crate::phone::hearing::Hearing;
use crate::phone::ladder::{Ladder, Rung};
use crate::phone::script::{Cue, KeysBy, Script, Stroke};
use crate::phone::voice::{Frame, PACKET_BYTES, Voice};
use crate::rtp::packet::Packet;
use crate::rtp::telephone_event::Receiver;
use crate::sdp;

/// Lines of a ladder that are kept: a call of an hour with a key a second.
const LADDER_MAX: usize = 10_000;
/// Samples between two looks for a cue: a fifth of a second.
const LISTEN_EVERY: usize = 1_600;
/// Samples before the longest sound of a cue that are looked through with it.
const LISTEN_BACK: usize = 8_000;

/// What this call is to be.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The codecs, best first.
    pub(crate) codecs: Vec<G711>,
    /// What is done.
    pub(crate) script: Script,
    /// Print the ladder as it grows.
    pub(crate) print: bool,
    /// The name over the left column.
    pub(crate) ours: String,
    /// The name over the right column.
    pub(crate) theirs: String,
}

/// What the script does now to the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Hang up, or cancel.
    HangUp,
    /// Refuse with this status.
    Refuse(u16),
    /// Answer with this session description.
    Answer(String),
    /// Send this key by INFO.
    Info(Digit),
}

/// One call's media and script.
#[derive(Debug)]
pub(crate) struct Conversation {
    plan: Plan,
    local: sdp::Local,
    began: Instant,
    stage: Stage,
    voice: Voice,
    hearing: Hearing,
    keys_heard: Receiver,
    negotiated: Option<Negotiated>,
    /// The session description that was written last, and whether it was an offer that waits for its answer.
    description: String,
    offered: bool,
    strokes: VecDeque<Stroke>,
    next_stroke: Instant,
    /// Cues that have not come, and how much of what was heard was looked through for the first of them, and when.
    cues: VecDeque<Cue>,
    looked: (usize, usize),
    first_packet: Option<Instant>,
    ladder: Ladder,
    lines: Vec<String>,
}

/// How far the call has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Our INVITE is on its way.
    Dialled,
    /// We are rung, with this offer, since then.
    Ringing(Option<String>, Instant),
    /// Answered, then.
    Talking(Instant),
    /// It is over, or the script has ended it.
    Done,
}

impl Conversation {
    /// A conversation whose sound is to come to `rtp`.
    pub(crate) fn new(plan: Plan, rtp: (IpAddr, u16), rng: Rng, now: Instant) -> Self {
        let mut rng = rng;
        let session_id = u64::from(rng.u32());
        let local = sdp::Local { address: rtp.0, port: rtp.1, session_id, version: session_id };
        let ladder = Ladder::new(&plan.ours, &plan.theirs);
        let mut own = Self {
            local,
            began: now,
            stage: Stage::Dialled,
            voice: Voice::new(&mut rng),
            hearing: Hearing::default(),
            keys_heard: Receiver::new(),
            negotiated: None,
            description: String::new(),
            offered: false,
            strokes: plan.script.keys.0.iter().copied().collect(),
            next_stroke: now,
            cues: plan.script.cues.iter().cloned().collect(),
            looked: (0, 0),
            first_packet: None,
            ladder,
            lines: Vec::new(),
            plan,
        };
        own.put(own.ladder.head());
        own
    }

    /// Our offer.
    pub(crate) fn offer(&mut self) -> String {
        self.offered = true;
        self.description = text(sdp::offer(&self.local, &self.plan.codecs, Direction::BOTH));
        self.description.clone()
    }

    /// Something for the ladder.
    pub(crate) fn draw(&mut self, now: Instant, rung: &Rung<'_>) {
        let line = self.ladder.line(now.since(self.began), rung);
        self.put(line);
    }

    /// Something has happened to the call; gives what to tell its holder.
    pub(crate) fn event(&mut self, now: Instant, call: &mut Call, event: Event) -> Vec<Happening> {
        match event {
            Event::Progress(status, sdp) => {
                if let Some(sdp) = sdp {
                    self.learn(&sdp);
                }
                vec![Happening::Progress(status)]
            }
            Event::Answered(answer) => {
                match answer {
                    Some(sdp) => self.learn(&sdp),
                    None => self.note(now, "answered without a session description"),
                }
                self.talk(now);
                vec![Happening::Answered]
            }
            Event::Rung(offer) => {
                self.stage = Stage::Ringing(offer, now);
                vec![]
            }
            Event::Confirmed(answer) => {
                if let Some(sdp) = answer.filter(|_| self.offered) {
                    self.learn(&sdp);
                }
                if matches!(self.stage, Stage::Ringing(..)) {
                    self.talk(now);
                    return vec![Happening::Answered];
                }
                vec![]
            }
            Event::Reoffered(offer) => {
                match self.answer(offer.as_deref()) {
                    Some(sdp) => call.accept(now, sdp),
                    None => call.refuse(now, 488),
                }
                let send = self.negotiated.is_some_and(|n| n.direction.send);
                vec![Happening::Reoffered { send }]
            }
            Event::Key(key) => vec![Happening::Key(key)],
            Event::Ended(end) => vec![Happening::Ended(Box::new(self.outcome(now, end)))],
        }
    }

    /// What the script does to the call at this moment.
    pub(crate) fn deed(&mut self, now: Instant) -> Option<Deed> {
        let script = &self.plan.script;
        match &self.stage {
            Stage::Dialled => {
                let due = script.cancel_after.is_some_and(|after| now.since(self.began) >= after);
                due.then(|| self.done())
            }
            Stage::Ringing(offer, since) => {
                if now.since(*since) < script.ring_for || self.offered || self.negotiated.is_some() {
                    return None;
                }
                if let Some(status) = script.refuse {
                    self.stage = Stage::Done;
                    return Some(Deed::Refuse(status));
                }
                let offer = offer.clone();
                let answer = self.answer(offer.as_deref());
                if answer.is_none() {
                    self.stage = Stage::Done;
                }
                Some(answer.map_or(Deed::Refuse(488), Deed::Answer))
            }
            Stage::Talking(since) => {
                if script.hang_up_after.is_some_and(|after| now.since(*since) >= after) {
                    return Some(self.done());
                }
                if script.repeat && self.voice.is_done() {
                    let say = self.plan.script.say.clone();
                    self.voice.say(&say);
                }
                self.listen();
                self.stroke(now)
            }
            Stage::Done => None,
        }
    }

    fn done(&mut self) -> Deed {
        self.stage = Stage::Done;
        Deed::HangUp
    }

    /// Looks for the next cue in what was heard since the last one.
    fn listen(&mut self) {
        let heard = self.hearing.samples();
        let (from, seen) = self.looked;
        let Some(cue) = self.cues.front().filter(|_| heard.len() >= seen + LISTEN_EVERY) else { return };
        self.looked.1 = heard.len();
        let longest = cue.sounds.iter().map(|(_, sound)| sound.len()).max().unwrap_or(0);
        let start = from.max(heard.len().saturating_sub(longest + LISTEN_BACK));
        if fingerprint(&heard[start..], &cue.sounds).iter().any(|heard| heard.full) {
            self.looked.0 = heard.len();
            self.strokes.extend(cue.keys.0.iter().copied());
            self.cues.pop_front();
        }
    }

    /// The next key or pause, when its time has come.
    fn stroke(&mut self, now: Instant) -> Option<Deed> {
        if now < self.next_stroke || self.voice.is_pressing() {
            return None;
        }
        match self.strokes.pop_front()? {
            Stroke::Pause(pause) => self.next_stroke = now + pause,
            Stroke::Key(key) => {
                self.draw(now, &Rung::Pressed(key));
                if self.plan.script.keys_by == KeysBy::Info {
                    return Some(Deed::Info(key));
                }
                if !self.voice.press(key) {
                    self.note(now, "the other side takes no telephone-event");
                }
            }
        }
        None
    }

    /// The packet of this 20 ms tick, and whither.
    pub(crate) fn speak(
        &mut self,
        now: Instant,
        into: &mut [u8; PACKET_BYTES],
    ) -> Option<(usize, SocketAddr)> {
        let remote = self.negotiated?.remote;
        if !matches!(self.stage, Stage::Talking(_)) {
            return None;
        }
        match self.voice.frame(into) {
            Frame::None => None,
            Frame::Audio(length) | Frame::KeyEnd(length) => Some((length, remote)),
            Frame::Key(length) => {
                // The marker stands on a key's first packet (RFC 4733 §2.3.2).
                if into[1] & 0x80 != 0 {
                    self.hearing.key_sent(now);
                }
                Some((length, remote))
            }
        }
    }

    /// A datagram has come to the RTP port.
    pub(crate) fn packet(&mut self, now: Instant, bytes: &[u8]) -> Vec<Happening> {
        let (Some(negotiated), Ok(packet)) = (self.negotiated, Packet::parse(bytes)) else { return vec![] };
        if Some(packet.payload_type) == negotiated.telephone_event {
            self.hearing.event(now, &packet);
            let key = self.keys_heard.packet(now, packet.marker, packet.timestamp, packet.payload);
            if let Some(key) = key {
                self.draw(now, &Rung::Key(key));
            }
            return key.map(Happening::Key).into_iter().collect();
        }
        // Either law is taken, whatever was preferred: RFC 3264 §5.1 lets the other side change without asking.
        let codec = G711::PREFERRED.into_iter().find(|codec| codec.payload_type() == packet.payload_type);
        if let Some(codec) = codec {
            self.first_packet.get_or_insert(now);
            self.hearing.packet(now, codec, &packet);
        }
        vec![]
    }

    /// Says this, after what is being said.
    fn say(&mut self, now: Instant, samples: &[i16]) {
        if !samples.is_empty() {
            self.draw(now, &Rung::Saying(Duration::from_micros(samples.len() as u64 * 125)));
            self.voice.say(samples);
        }
    }

    fn talk(&mut self, now: Instant) {
        self.stage = Stage::Talking(now);
        self.next_stroke = now;
        self.hearing.answered(now);
        let say = self.plan.script.say.clone();
        self.say(now, &say);
    }

    /// Their answer to our offer.
    fn learn(&mut self, answer: &str) {
        let (local, codecs) = (&self.local, &self.plan.codecs);
        match sdp::accept_answer(local, codecs, Direction::BOTH, answer.as_bytes()) {
            Ok(negotiated) => self.negotiate(negotiated),
            Err(refusal) => tracing::warn!(?refusal, "the answer's session description cannot be used"),
        }
    }

    /// Our answer to their offer, or our offer when they made none; `None` when there is nothing to agree on.
    fn answer(&mut self, offer: Option<&str>) -> Option<String> {
        let Some(offer) = offer else { return Some(self.offer()) };
        self.offered = false;
        let offer = sdp::parse(offer.as_bytes()).ok()?;
        let previous = std::mem::take(&mut self.description).into_bytes();
        let codecs = &self.plan.codecs;
        let (body, negotiated) = sdp::reanswer(&offer, &mut self.local, codecs, &previous).ok()?;
        self.negotiate(negotiated);
        self.description = text(body);
        Some(self.description.clone())
    }

    fn negotiate(&mut self, negotiated: Negotiated) {
        self.negotiated = Some(negotiated);
        self.voice.negotiate(negotiated);
    }

    fn note(&mut self, now: Instant, words: &str) {
        self.draw(now, &Rung::Note(words));
    }

    fn put(&mut self, line: String) {
        if self.plan.print {
            // Nobody may be reading any more.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
        if self.lines.len() < LADDER_MAX {
            self.lines.push(line);
        }
    }

    fn outcome(&mut self, now: Instant, end: End) -> Outcome {
        self.note(now, &end.to_string());
        let answered = match self.stage {
            Stage::Talking(since) => Some(since),
            Stage::Dialled | Stage::Ringing(..) | Stage::Done => self.hearing.answered_at(),
        };
        self.stage = Stage::Done;
        let (heard, statistics) = std::mem::take(&mut self.hearing).into_parts();
        Outcome {
            end,
            answered_after: answered.map(|at| at.since(self.began)),
            talked: answered.map_or(Duration::ZERO, |at| now.since(at)),
            codec: self.negotiated.map(|n| n.codec),
            heard,
            statistics,
            sent: self.voice.sent(),
            first_packet_at: self.first_packet.map(|at| at.since(self.began)),
            ladder: std::mem::take(&mut self.lines),
        }
    }
}

/// What `sdp` writes is ASCII.
fn text(body: Vec<u8>) -> String {
    String::from_utf8_lossy(&body).into_owned()
}
