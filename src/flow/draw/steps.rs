//! What a step is in a drawing: its lines on the card, the ways that leave it, the kind of card that it makes. The one file
//! of the drawing that knows the verbs.

use super::super::block::BlockId;
use super::super::prompt::{Part, Speech};
use super::super::value::{CALL_LANGUAGE, Comparison, Expression, Value};
use super::super::verb::ask::Ask;
use super::super::verb::branch::Branch;
use super::super::verb::letter::Letter;
use super::super::verb::queue::Queue;
use super::super::verb::ring::{Request, Ring};
use super::super::verb::{self, Step};
use super::super::vocabulary::{Clip, HangUp, RecordInto, RingOrder, Target};
use super::diagram::{Course, Kind, Label, Line, Sign};
use super::words::Words;
use crate::base::digit::Digit;
use crate::base::time::Duration;

/// A way that leaves a step.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) label: Label,
    pub(super) to: BlockId,
    pub(super) kind: Course,
}

/// What a card shows of a step.
pub(super) fn lines(step: &Step, words: &Words) -> Vec<Line> {
    let line = |sign, text: String| vec![Line { sign, text }];
    match step {
        Step::Say(say) => line(Sign::Says, said(&say.speech)),
        Step::Wait(wait) => line(Sign::Pauses, lasting(wait.duration)),
        Step::Menu(menu) => {
            let title = said(&menu.title);
            if title.is_empty() { Vec::new() } else { line(Sign::Says, title) }
        }
        Step::Ask(ask) => {
            let question = Line { sign: Sign::Says, text: said(&ask.question) };
            vec![question, Line { sign: Sign::Asks, text: asked(ask, words) }]
        }
        Step::Branch(Branch::Hours { calendar, .. }) => line(Sign::Hours, calendar.to_string()),
        // What it asks stands on its ways.
        Step::Branch(Branch::If { .. }) | Step::Goto(_) => Vec::new(),
        Step::Branch(Branch::Switch { value, .. }) => line(Sign::Branches, condition(value, words)),
        Step::Set(set) => {
            let text = |(name, value)| format!("{name} = {}", condition(value, words));
            let language = set.language.map(|language| format!("{CALL_LANGUAGE} = {}", language.as_str()));
            let values = set.values.iter().map(|(name, value)| text((name, value))).chain(language);
            values.map(|text| Line { sign: Sign::Sets, text }).collect()
        }
        Step::Tag(tag) => line(Sign::Tags, tag.to_string()),
        Step::Event(event) => line(Sign::Tags, format!("{} !", event.name)),
        // Its shares stand on its ways.
        Step::Split(_) => Vec::new(),
        Step::Call(call) => line(Sign::Runs, call.flow.to_string()),
        Step::Return(_) => line(Sign::Ends, words.returns.to_owned()),
        Step::Http(http) => line(Sign::Sends, format!("{} {}", http.method.as_str(), http.url.pattern())),
        Step::Letter(Letter::Sms { text, .. }) => line(Sign::Sends, format!("SMS : {}", text.pattern())),
        Step::Letter(Letter::Email { to, .. }) => line(Sign::Sends, to.join(", ")),
        Step::Callback(callback) => {
            let question = Line { sign: Sign::Says, text: said(&callback.speech) };
            let promise = format!("{} ({} {})", callback.queue, lasting(callback.within), words.at_most);
            vec![question, Line { sign: Sign::Queues, text: promise }]
        }
        Step::Survey(survey) => {
            let question = Line { sign: Sign::Says, text: said(&survey.question) };
            let scale = format!("{} ({}–{})", survey.name, survey.least, survey.most);
            vec![question, Line { sign: Sign::Asks, text: scale }]
        }
        Step::Record(record) => {
            let longest = lasting(record.request.longest);
            line(Sign::Records, format!("{} ({longest} {})", record.variable, words.at_most))
        }
        Step::Queue(queue) => line(Sign::Queues, queued(queue, words)),
        Step::Ring(ring) => line(Sign::Rings, rung(ring, words)),
        Step::Voicemail(voicemail) => {
            let longest = lasting(voicemail.request.longest);
            let (RecordInto::Mailbox(into) | RecordInto::Variable(into)) = &voicemail.request.into;
            line(Sign::Records, format!("{into} ({longest} {})", words.at_most))
        }
        Step::HangUp(how) => line(Sign::Ends, words.hang_up[place(*how)].to_owned()),
    }
}

/// The ways that leave a step, keys as on a telephone.
pub(super) fn ways(step: &Step, words: &Words) -> Vec<Way> {
    let mut ways: Vec<Way> = step.ways().into_iter().map(|way| drawn(step, way, words)).collect();
    // 1 to 9, 0, star, hash, then the rest as it stands.
    ways.sort_by_key(|way| match way.label.key {
        Some('0') => 10,
        Some(key @ '1'..='9') => key as u32 - '0' as u32,
        Some(key) => 11 + key as u32,
        None => u32::MAX,
    });
    ways
}

/// A way with its label in words.
fn drawn(step: &Step, way: verb::way::Way, words: &Words) -> Way {
    use verb::way::Label as When;
    let kind = if way.label.is_failure() { Course::Fallback } else { Course::Usual };
    let label = match way.label {
        When::Key(key, _) if is_offer(step, key) => pressed(key, words.call_back),
        When::Key(key, label) => pressed(key, &label),
        When::Then(written) => match step {
            Step::Branch(Branch::If { condition: tested, .. }) => named(&condition(tested, words)),
            _ => named(&written),
        },
        When::Case(case) => named(&case),
        When::Share(share) => named(&format!("{share} %")),
        When::Always => named(""),
        When::Open => named(words.open),
        When::Closed => named(words.closed),
        When::Holiday => named(words.holiday),
        When::Else | When::Otherwise => named(words.otherwise),
        When::Invalid => named(words.wrong_key),
        When::Silence => named(words.silence),
        When::NoAgent => named(words.nobody),
        When::TooLong => named(words.too_long),
        When::Failed => named(words.no_answer),
        When::After => named(words.after),
        When::Error => named(words.error),
        When::NotFound => named(words.not_found),
        When::Refused => named(words.refused),
    };
    Way { label, to: way.to, kind }
}

/// Whether a key of a queue is its offer to be called back.
fn is_offer(step: &Step, key: Digit) -> bool {
    matches!(step, Step::Queue(queue) if queue.offer.as_ref().is_some_and(|offer| offer.key == key))
}

/// The kind of card that a step makes of its block; of several steps, the greatest by `weight` decides.
pub(super) fn kind(step: &Step) -> Kind {
    match step {
        Step::Say(_) | Step::Wait(_) | Step::Goto(_) | Step::Set(_) | Step::Tag(_) | Step::Event(_) => {
            Kind::Say
        }
        Step::Menu(_) => Kind::Menu,
        Step::Ask(_) | Step::Survey(_) => Kind::Question,
        Step::Branch(_) | Step::Split(_) => Kind::Branch,
        Step::Queue(_) | Step::Callback(_) => Kind::Queue,
        Step::Ring(_) => Kind::Talk,
        Step::Voicemail(_) | Step::Record(_) => Kind::Message,
        Step::Http(_) | Step::Letter(_) => Kind::Outside,
        Step::Call(_) => Kind::SubFlow,
        Step::HangUp(_) | Step::Return(_) => Kind::End,
    }
}

/// How much a kind says of its block: a block that ends in a menu is a menu, whatever it says before.
pub(super) const fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::Say => 0,
        Kind::Branch => 1,
        Kind::Outside => 2,
        Kind::SubFlow => 3,
        Kind::End => 4,
        Kind::Question => 5,
        Kind::Message => 6,
        Kind::Menu => 7,
        Kind::Talk => 8,
        Kind::Queue => 9,
        Kind::Start => 10,
    }
}

fn named(words: &str) -> Label {
    Label { key: None, words: words.to_owned() }
}

fn pressed(key: Digit, label: &str) -> Label {
    Label { key: Some(key.as_char()), words: label.to_owned() }
}

/// The words, with `{name}` where a value is spoken.
fn said(speech: &Speech) -> String {
    let spoken = if speech.fr.is_empty() { &speech.en } else { &speech.fr };
    let parts = spoken.iter().map(|part| match part {
        Part::Fixed(clip) => words_of(clip),
        Part::Value(path, _) => format!("{{{}}}", path.0),
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a clip says; a file, by its name.
pub(super) fn words_of(clip: &Clip) -> String {
    let file = clip.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    file.filter(|file| *file == clip.key.as_str()).unwrap_or(&clip.text).to_owned()
}

fn asked(ask: &Ask, words: &Words) -> String {
    let count =
        if ask.least == ask.most { ask.most.to_string() } else { format!("{}–{}", ask.least, ask.most) };
    let unit = if ask.most == 1 { words.digit } else { words.digits };
    let mut notes = vec![format!("{count} {unit}")];
    notes.extend(ask.secret.then(|| words.secret.to_owned()));
    notes.extend(ask.confirm.then(|| words.confirmed.to_owned()));
    format!("{} ({})", ask.variable, notes.join(", "))
}

fn queued(queue: &Queue, words: &Words) -> String {
    let skill = queue.request.skill.as_ref().map(|skill| format!("{skill}, ")).unwrap_or_default();
    format!("{} ({skill}{} {})", queue.request.queue, lasting(queue.max_wait), words.at_most)
}

fn rung(ring: &Ring, words: &Words) -> String {
    let name = |target: &Target| match target {
        Target::Agent(name) | Target::Number(name) | Target::Uri(name) => name.to_string(),
    };
    let whom = ring.request.targets().iter().map(name).collect::<Vec<_>>().join(", ");
    match &ring.request {
        Request::Ring(request) if request.order == RingOrder::InTurn && request.targets.len() > 1 => {
            format!("{whom} ({})", words.in_turn)
        }
        Request::Ring(_) => whom,
        Request::Transfer(_) => format!("→ {whom}"),
    }
}

const fn place(how: HangUp) -> usize {
    match how {
        HangUp::Normal => 0,
        HangUp::Busy => 1,
        HangUp::Technical => 2,
        HangUp::Rejected => 3,
    }
}

/// `45 s`, `5 min`, `1 min 30 s`, `2 h`.
fn lasting(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

/// A condition or value as people read it.
fn condition(expression: &Expression, words: &Words) -> String {
    let inner = |inner: &Expression| match inner {
        Expression::And(..) | Expression::Or(..) => format!("({})", condition(inner, words)),
        _ => condition(inner, words),
    };
    match expression {
        Expression::Literal(value) => literal(value),
        Expression::Read(path) => path.0.to_string(),
        Expression::Known(path) => format!("{} {}", path.0, words.known),
        Expression::Open(calendar) => format!("{calendar} {}", words.is_open),
        Expression::Waiting(queue) => format!("{queue} {}", words.waiting),
        Expression::Agents(queue) => format!("{} {queue}", words.agents),
        Expression::Not(not) => format!("{} {}", words.not, inner(not)),
        Expression::And(left, right) => format!("{} {} {}", inner(left), words.and, inner(right)),
        Expression::Or(left, right) => format!("{} {} {}", inner(left), words.or, inner(right)),
        Expression::Compare(how, left, right) => format!("{} {} {}", inner(left), sign(*how), inner(right)),
        Expression::In(value, known) => {
            let known = known.iter().map(literal).collect::<Vec<_>>().join(", ");
            format!("{} {} {known}", inner(value), words.one_of)
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("“{text}”"),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
    }
}

const fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "=",
        Comparison::Unequal => "≠",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "≤",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => "≥",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        assert_eq!(lasting(Duration::from_secs(300)), "5 min");
        assert_eq!(lasting(Duration::from_secs(90)), "1 min 30 s");
        assert_eq!(lasting(Duration::ZERO), "0 s");
    }
}
