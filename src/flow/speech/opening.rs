//! Opening hours of a week, said in one sentence.

use super::atom::Phrase;
use super::moment::{hour_and_minute, parse_time, weekday};
use super::word;
use super::{Format, SpeechError};
use crate::base::time::{TimeOfDay, Weekday};

const MALFORMED: SpeechError = SpeechError::Malformed(Format::Hours);

/// Says `mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00`.
pub(super) fn read_hours(value: &str) -> Result<Phrase, SpeechError> {
    let groups: Vec<&str> = value.split(';').map(str::trim).filter(|group| !group.is_empty()).collect();
    let mut phrase = Phrase::default();
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            phrase.comma();
            if index + 1 == groups.len() {
                phrase.word(&word::ET);
            }
        }
        let (days, spans) = group.split_once(' ').ok_or(MALFORMED)?;
        say_days(&mut phrase, days)?;
        say_spans(&mut phrase, spans)?;
    }
    if phrase.is_empty() { Err(MALFORMED) } else { Ok(phrase) }
}

/// Adds `du lundi au vendredi`, `le samedi et le dimanche`, `tous les jours`.
fn say_days(phrase: &mut Phrase, days: &str) -> Result<(), SpeechError> {
    let items: Vec<&str> = days.split(',').collect();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            if index + 1 == items.len() {
                phrase.word(&word::ET);
            } else {
                phrase.comma();
            }
        }
        match item.split_once('-') {
            None => {
                phrase.word(&word::LE).word(weekday(parse_day(item)?));
            }
            Some((from, until)) => match (parse_day(from)?, parse_day(until)?) {
                (Weekday::Monday, Weekday::Sunday) => {
                    phrase.word(&word::EVERY_DAY);
                }
                (from, until) => {
                    phrase.word(&word::DU).word(weekday(from)).word(&word::AU).word(weekday(until));
                }
            },
        }
    }
    Ok(())
}

/// Adds `de neuf heures à midi et de quatorze heures à dix-huit heures`.
fn say_spans(phrase: &mut Phrase, spans: &str) -> Result<(), SpeechError> {
    let spans: Vec<&str> = spans.split([' ', ',']).filter(|span| !span.is_empty()).collect();
    for (index, span) in spans.iter().enumerate() {
        if index > 0 {
            if index + 1 == spans.len() {
                phrase.word(&word::ET);
            } else {
                phrase.comma();
            }
        }
        let (from, until) = span.split_once('-').ok_or(MALFORMED)?;
        let (from, until) = (parse_time(from, Format::Hours)?, parse_time(until, Format::Hours)?);
        if from == TimeOfDay::new(0, 0) && until == TimeOfDay::new(24, 0) {
            phrase.word(&word::ROUND_THE_CLOCK);
        } else {
            phrase.word(&word::DE);
            hour_and_minute(phrase, from);
            phrase.word(&word::A);
            hour_and_minute(phrase, until);
        }
    }
    if spans.is_empty() { Err(MALFORMED) } else { Ok(()) }
}

fn parse_day(name: &str) -> Result<Weekday, SpeechError> {
    let name = name.trim().to_lowercase();
    let index = match name.as_str() {
        "mon" | "lun" => 0,
        "tue" | "mar" => 1,
        "wed" | "mer" => 2,
        "thu" | "jeu" => 3,
        "fri" | "ven" => 4,
        "sat" | "sam" => 5,
        "sun" | "dim" => 6,
        _ => return Err(MALFORMED),
    };
    Ok(Weekday::ALL[index])
}
