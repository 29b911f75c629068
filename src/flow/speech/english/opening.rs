//! Opening hours of a week, said in one sentence.

use super::super::read::OpenDays;
use super::atom::Phrase;
use super::moment::{time_of_day, weekday};
use super::word;
use crate::base::time::{TimeOfDay, Weekday};

/// Adds `Monday to Friday from nine a.m. to noon, and Saturday from ten a.m. to noon`.
pub(super) fn week(phrase: &mut Phrase, week: &[OpenDays]) {
    for (index, open) in week.iter().enumerate() {
        if index > 0 {
            phrase.comma();
            if index + 1 == week.len() {
                phrase.say(&word::AND);
            }
        }
        days(phrase, &open.days);
        spans(phrase, &open.spans);
    }
}

/// Adds `Monday to Friday`, `Saturday and Sunday`, `every day`.
fn days(phrase: &mut Phrase, days: &[(Weekday, Option<Weekday>)]) {
    for (index, day) in days.iter().enumerate() {
        phrase.between(index, days.len(), &word::AND);
        match day {
            (Weekday::Monday, Some(Weekday::Sunday)) => phrase.say(&word::EVERY_DAY),
            (from, Some(until)) => phrase.say(weekday(*from)).say(&word::TO).say(weekday(*until)),
            (day, None) => phrase.say(weekday(*day)),
        };
    }
}

/// Adds `from nine a.m. to noon and from two p.m. to six p.m.`
fn spans(phrase: &mut Phrase, spans: &[(TimeOfDay, TimeOfDay)]) {
    for (index, (from, until)) in spans.iter().enumerate() {
        phrase.between(index, spans.len(), &word::AND);
        if (*from, *until) == (TimeOfDay::new(0, 0), TimeOfDay::new(24, 0)) {
            phrase.say(&word::ROUND_THE_CLOCK);
        } else {
            phrase.say(&word::FROM);
            time_of_day(phrase, *from);
            phrase.say(&word::TO);
            time_of_day(phrase, *until);
        }
    }
}
