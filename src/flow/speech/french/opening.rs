//! Opening hours of a week, said in one sentence.

use super::super::read::OpenDays;
use super::atom::Phrase;
use super::moment::{hour_and_minute, weekday};
use super::word;
use crate::base::time::{TimeOfDay, Weekday};

/// Adds `du lundi au vendredi de neuf heures à midi, et le samedi de dix heures à midi`.
pub(super) fn week(phrase: &mut Phrase, week: &[OpenDays]) {
    for (index, open) in week.iter().enumerate() {
        if index > 0 {
            phrase.comma();
            if index + 1 == week.len() {
                phrase.say(&word::ET);
            }
        }
        days(phrase, &open.days);
        spans(phrase, &open.spans);
    }
}

/// Adds `du lundi au vendredi`, `le samedi et le dimanche`, `tous les jours`.
fn days(phrase: &mut Phrase, days: &[(Weekday, Option<Weekday>)]) {
    for (index, day) in days.iter().enumerate() {
        phrase.between(index, days.len(), &word::ET);
        match day {
            (Weekday::Monday, Some(Weekday::Sunday)) => {
                phrase.say(&word::EVERY_DAY);
            }
            (from, Some(until)) => {
                phrase.say(&word::DU).say(weekday(*from)).say(&word::AU).say(weekday(*until));
            }
            (day, None) => {
                phrase.say(&word::LE).say(weekday(*day));
            }
        }
    }
}

/// Adds `de neuf heures à midi et de quatorze heures à dix-huit heures`.
fn spans(phrase: &mut Phrase, spans: &[(TimeOfDay, TimeOfDay)]) {
    for (index, (from, until)) in spans.iter().enumerate() {
        phrase.between(index, spans.len(), &word::ET);
        if (*from, *until) == (TimeOfDay::new(0, 0), TimeOfDay::new(24, 0)) {
            phrase.say(&word::ROUND_THE_CLOCK);
        } else {
            phrase.say(&word::DE);
            hour_and_minute(phrase, *from);
            phrase.say(&word::A);
            hour_and_minute(phrase, *until);
        }
    }
}
