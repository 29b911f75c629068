//! What a step is in a drawing: its lines on the card, the ways that leave it, the kind of card that it makes. The one file
//! of the drawing that knows the verbs.

use super::super::graph::BlockId;
use super::super::prompt::{Part, Speech};
use super::super::value::{Comparison, Expression, Value};
use super::super::verb::Step;
use super::super::verb::ask::Ask;
use super::super::verb::branch::Branch;
use super::super::verb::menu::Menu;
use super::super::verb::queue::Queue;
use super::super::verb::ring::{Request, Ring};
use super::super::vocabulary::{Clip, HangUp, RingOrder, Target};
use super::words::Words;
use super::{Course, Kind, Label, Line, Sign};
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
            let title = split(&menu.first).0;
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
            set.values
                .iter()
                .map(|(name, value)| Line { sign: Sign::Sets, text: text((name, value)) })
                .collect()
        }
        Step::Tag(tag) => line(Sign::Tags, tag.to_string()),
        Step::Queue(queue) => line(Sign::Queues, queued(queue, words)),
        Step::Ring(ring) => line(Sign::Rings, rung(ring, words)),
        Step::Voicemail(voicemail) => {
            let longest = lasting(voicemail.request.longest);
            line(Sign::Records, format!("{} ({longest} {})", voicemail.request.mailbox, words.at_most))
        }
        Step::HangUp(how) => line(Sign::Ends, words.hang_up[place(*how)].to_owned()),
    }
}

/// The ways that leave a step, in the order of the text.
pub(super) fn ways(step: &Step, words: &Words) -> Vec<Way> {
    let usual = |text: &str, to| Way { label: named(text), to, kind: Course::Usual };
    let fallback = |text: &str, to| Way { label: named(text), to, kind: Course::Fallback };
    match step {
        Step::Menu(menu) => choices(menu, words),
        Step::Ask(ask) => ask.otherwise.iter().map(|to| fallback(words.otherwise, *to)).collect(),
        Step::Branch(Branch::Hours { open, closed, holiday, .. }) => {
            let mut ways = vec![usual(words.open, *open), usual(words.closed, *closed)];
            // Without a way of its own a holiday is a day on which it is closed.
            if holiday != closed {
                ways.push(usual(words.holiday, *holiday));
            }
            ways
        }
        Step::Branch(Branch::If { condition: tested, then, otherwise, .. }) => {
            let then = usual(&condition(tested, words), *then);
            std::iter::once(then).chain(otherwise.map(|to| usual(words.otherwise, to))).collect()
        }
        Step::Branch(Branch::Switch { cases, otherwise, .. }) => {
            let cases = cases.iter().map(|(case, to)| usual(case, *to));
            cases.chain([fallback(words.otherwise, *otherwise)]).collect()
        }
        Step::Goto(to) => vec![usual("", *to)],
        Step::Queue(queue) => {
            let mut ways: Vec<Way> = queue.keys.iter().map(|(key, to)| pressed(*key, "", *to)).collect();
            ways.extend(queue.offer.iter().map(|offer| pressed(offer.key, words.call_back, offer.goto)));
            ways.push(fallback(words.nobody, queue.no_agent));
            ways.push(fallback(words.too_long, queue.too_long));
            ways
        }
        Step::Ring(ring) => vec![fallback(words.no_answer, ring.failed)],
        Step::Say(_) | Step::Wait(_) | Step::Set(_) | Step::Tag(_) | Step::Voicemail(_) | Step::HangUp(_) => {
            Vec::new()
        }
    }
}

/// The kind of card that a step makes of its block; of several steps, the greatest by `weight` decides.
pub(super) fn kind(step: &Step) -> Kind {
    match step {
        Step::Say(_) | Step::Wait(_) | Step::Goto(_) | Step::Set(_) | Step::Tag(_) => Kind::Say,
        Step::Menu(_) => Kind::Menu,
        Step::Ask(_) => Kind::Question,
        Step::Branch(_) => Kind::Branch,
        Step::Queue(_) => Kind::Queue,
        Step::Ring(_) => Kind::Talk,
        Step::Voicemail(_) => Kind::Message,
        Step::HangUp(_) => Kind::End,
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

fn pressed(key: Digit, label: &str, to: BlockId) -> Way {
    let label = Label { key: Some(key.as_char()), words: label.to_owned() };
    Way { label, to, kind: Course::Usual }
}

fn choices(menu: &Menu, words: &Words) -> Vec<Way> {
    let labels = split(&menu.first).1;
    let label = |key: Digit| {
        let known = labels.iter().find(|(of, _)| *of == key);
        known.map_or("", |(_, label)| label.as_str())
    };
    let mut ways: Vec<Way> = menu.choices.iter().map(|(key, to)| pressed(*key, label(*key), *to)).collect();
    let fallback = |text: &str, to| Way { label: named(text), to, kind: Course::Fallback };
    if menu.invalid == menu.silence {
        ways.push(fallback(words.otherwise, menu.silence));
    } else {
        ways.push(fallback(words.wrong_key, menu.invalid));
        ways.push(fallback(words.silence, menu.silence));
    }
    // As on a telephone: 1 to 9, 0, star, hash.
    ways.sort_by_key(|way| match way.label.key {
        Some('0') => 10,
        Some(key @ '1'..='9') => key as u32 - '0' as u32,
        Some(key) => 11 + key as u32,
        None => u32::MAX,
    });
    ways
}

/// A menu's title, and the label of each key: `menu.rs` composes its words from them ("Pour LABEL, tapez KEY.").
fn split(speech: &Speech) -> (String, Vec<(Digit, String)>) {
    let text = said(speech);
    let (mut title, mut labels) = (None, Vec::new());
    let mut begin = 0;
    while let Some(pour) = text[begin..].find("Pour ").map(|at| begin + at) {
        let Some((label, key, end)) = choice(&text, pour) else {
            begin = pour + "Pour ".len();
            continue;
        };
        title.get_or_insert(text[..pour].trim().to_owned());
        labels.push((key, label));
        begin = end;
    }
    (title.unwrap_or(text), labels)
}

/// The choice that begins here: its label, its key, where it ends.
fn choice(text: &str, pour: usize) -> Option<(String, Digit, usize)> {
    let rest = &text[pour + "Pour ".len()..];
    let comma = rest.find(", tapez ")?;
    let spoken = &rest[comma + ", tapez ".len()..];
    let stop = spoken.find('.')?;
    let key = match &spoken[..stop] {
        "étoile" => Digit::STAR,
        "dièse" => Digit::HASH,
        key => key.parse::<char>().ok().and_then(Digit::from_char)?,
    };
    let end = text.len() - spoken.len() + stop + 1;
    Some((rest[..comma].to_owned(), key, end))
}

/// The words, with `{name}` where a value is spoken.
fn said(speech: &Speech) -> String {
    let parts = speech.parts.iter().map(|part| match part {
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
    fn a_menu_is_split_where_it_was_composed() {
        let speech =
            Speech::text("Pour vous, tapez 1 ou 2 : Pour un devis, tapez 1. Pour {ville}, tapez étoile.");
        let (title, labels) = split(&speech);
        assert_eq!(title, "Pour vous, tapez 1 ou 2 :");
        let label = |text: &str| text.to_owned();
        let known = [(Digit::from_char('1').unwrap(), label("un devis")), (Digit::STAR, label("{ville}"))];
        assert_eq!(labels, known);
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(lasting(Duration::from_secs(300)), "5 min");
        assert_eq!(lasting(Duration::from_secs(90)), "1 min 30 s");
        assert_eq!(lasting(Duration::ZERO), "0 s");
    }
}
