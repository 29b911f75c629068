//! A call as a line of a list, in a hundred columns; what a caller, a length and an amount look like.

use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::Date;
use crate::centre::leg_record::LegOutcome;
use crate::centre::number::{self, Class};
use crate::centre::record::CallRecord;
use crate::cli::status::length;
use crate::figures::money::Money;
use crate::figures::outcome;
use crate::io::store::is_hash;

/// Columns: how wide each is, and whether it stands at the right.
const COLUMNS: [(usize, bool); 9] = [
    (8, false),
    (15, false),
    (13, false),
    (18, false),
    (10, false),
    (5, true),
    (5, true),
    (7, true),
    (9, true),
];

/// What stands above them.
pub(super) fn head(tongue: Tongue) -> String {
    let words = [
        Text::word("time"),
        Text::word("caller"),
        Text::word("number"),
        Text::word("outcome"),
        Text::word("with"),
        Text::word("wait"),
        Text::word("talk"),
        Text::word("cost"),
        Text::word("reference"),
    ];
    line(words.map(|word| word.to(tongue)))
}

/// The day of the calls below it: `mardi 2026-11-24`.
pub(super) fn day(date: Date, tongue: Tongue) -> String {
    format!("{} {date}", date.weekday().text().to(tongue))
}

/// A call.
pub(super) fn row(call: &CallRecord, tongue: Tongue) -> String {
    line([
        call.started.clock(),
        caller(call).to(tongue),
        call.number.as_deref().map(number::display).unwrap_or_default(),
        outcome::known(call).text().to(tongue),
        with(call),
        seconds(call.clocks.wait_ms),
        seconds(call.clocks.talk_ms),
        call.cost.as_ref().map(|cost| Money::micros(cost.total_micros).text(tongue)).unwrap_or_default(),
        call.reference.clone(),
    ])
}

/// Who called, as the French write a number.
pub(super) fn caller(call: &CallRecord) -> Text {
    match (call.caller.as_deref(), call.caller_class) {
        (None, None | Some(Class::Secret | Class::Unknown)) => Text::word("hidden number"),
        (None, Some(_)) => Text::word("erased"),
        (Some(hash), _) if is_hash(hash) => Text::word("erased"),
        (Some(number), _) => Text::raw(number::display(number)),
    }
}

/// Who talked to the caller: agents, else the number outside that answered, else the mailbox.
fn with(call: &CallRecord) -> String {
    let agents: Vec<&str> = call.agents.iter().map(|agent| agent.as_str()).collect();
    let outside = || {
        let leg = call.legs.iter().find(|leg| leg.outcome == LegOutcome::Answered && leg.who.is_none())?;
        Some(number::display(leg.to.reveal()))
    };
    let mailbox = || call.message.as_ref().map(|message| message.mailbox.to_string());
    match agents[..] {
        [] => outside().or_else(mailbox).unwrap_or_default(),
        _ => agents.join(","),
    }
}

/// `4m10`; nothing of nothing.
fn seconds(ms: u64) -> String {
    if ms == 0 { String::new() } else { length(ms / 1_000) }
}

fn line(cells: [String; 9]) -> String {
    let cells = cells.iter().zip(COLUMNS).map(|(cell, (width, right))| {
        let cell = cut(cell, width);
        if right { format!("{cell:>width$}") } else { format!("{cell:width$}") }
    });
    cells.collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

/// What is too long ends in `…`.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::name::Name;
    use crate::base::pii::Pii;
    use crate::base::time::{Moment, Wall};
    use crate::centre::cost_record::CostRecord;
    use crate::centre::leg_record::LegRecord;
    use crate::centre::outcome::Outcome;
    use crate::centre::record::{Clocks, EndedBy, Message};
    use crate::cli::FRENCH;

    fn call() -> CallRecord {
        let started = Moment::of(Wall::from_epoch_ms(1_795_510_805_000), "Europe/Paris");
        CallRecord {
            reference: "042137".into(),
            number: Some("+33800123456".into()),
            caller: Some("+33612345678".into()),
            caller_class: Some(Class::Mobile),
            started,
            answered: Some(started),
            clocks: Clocks { flow_ms: 9_000, wait_ms: 20_900, talk_ms: 250_000, ..Clocks::default() },
            agents: vec![Name::from("alice")],
            cost: Some(CostRecord { total_micros: 93_000, ..CostRecord::default() }),
            ..CallRecord::default()
        }
    }

    #[test]
    fn a_call_is_a_line_that_has_room_in_a_hundred_columns() {
        let hidden = CallRecord { caller: None, caller_class: Some(Class::Secret), ..call() };
        let told = |tongue| [head(tongue), row(&call(), tongue), row(&hidden, tongue)];
        assert_eq!(
            told(Tongue::English),
            [
                "time     caller          number        outcome            with        wait  talk    cost reference",
                "10:00:05 06 12 34 56 78  0 800 123 456 served             alice        20s  4m10  0.09\u{a0}€    042137",
                "10:00:05 hidden number   0 800 123 456 served             alice        20s  4m10  0.09\u{a0}€    042137",
            ]
        );
        assert_eq!(
            told(FRENCH),
            [
                "heure    appelant        numéro        issue              avec        att. conv.    coût référence",
                "10:00:05 06 12 34 56 78  0 800 123 456 servi              alice        20s  4m10  0,09\u{a0}€    042137",
                "10:00:05 masqué          0 800 123 456 servi              alice        20s  4m10  0,09\u{a0}€    042137",
            ]
        );
        assert!(told(FRENCH).iter().all(|line| line.chars().count() <= 100));
        assert_eq!(day(call().started.date(), FRENCH), "mardi 2026-11-24");
    }

    #[test]
    fn who_talked_is_told_and_who_is_not_known_is_not_guessed() {
        let outside = LegRecord {
            to: Pii::new("+33140506070".to_owned()),
            outcome: LegOutcome::Answered,
            ..LegRecord::default()
        };
        let message =
            Message { mailbox: Name::from("accueil"), file: "accueil/1.wav".into(), duration_ms: 4_000 };
        let nobody = CallRecord { agents: Vec::new(), ..call() };
        let cases = [
            (CallRecord { agents: vec![Name::from("alice"), Name::from("bob")], ..call() }, "alice,bob"),
            (CallRecord { legs: vec![outside], ..nobody.clone() }, "01 40 50 60 70"),
            (CallRecord { message: Some(message), ..nobody.clone() }, "accueil"),
            (nobody, ""),
        ];
        for (call, expected) in cases {
            assert_eq!(with(&call), expected);
        }
        assert_eq!(caller(&CallRecord { caller: None, ..call() }).english(), "erased");
        assert_eq!(caller(&CallRecord { caller: Some("hash:1a".into()), ..call() }).english(), "erased");
        assert_eq!(cut("Marie-Antoinette", 10), "Marie-Ant…");
    }

    #[test]
    fn a_record_without_an_outcome_is_judged() {
        let ended = |outcome| {
            let call = CallRecord {
                agents: Vec::new(),
                clocks: Clocks::default(),
                ended_by: EndedBy::Network,
                outcome,
                ..call()
            };
            outcome::known(&call)
        };
        assert_eq!((ended(None), ended(Some(Outcome::Interrupted))), (Outcome::Failed, Outcome::Interrupted));
    }
}
