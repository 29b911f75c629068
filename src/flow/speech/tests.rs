//! What is said, by example and by law. `tests/speech.rs` holds the table of pairs and the recordings.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn said(format: Format, value: &str) -> String {
    words(format, value).unwrap_or_else(|error| panic!("{format:?} {value}: {error}"))
}

fn keys(format: Format, value: &str) -> Vec<String> {
    let fragments = speak(format, value).unwrap();
    fragments.iter().map(|fragment| fragment.key.trim_end_matches(".wav").to_owned()).collect()
}

#[test]
fn numbers_keep_the_plural_only_at_their_end() {
    assert_eq!(said(Format::Number, "80"), "quatre-vingts");
    assert_eq!(said(Format::Number, "80000000"), "quatre-vingts millions");
    assert_eq!(said(Format::Number, "280200"), "deux cent quatre-vingt mille deux cents");
    assert_eq!(said(Format::Number, "200000300"), "deux cents millions trois cents");
    assert_eq!(said(Format::Number, "1 001 001"), "un million mille un");
    assert_eq!(said(Format::Number, "-71"), "moins soixante et onze");
}

#[test]
fn six_is_heard_in_three_ways() {
    assert_eq!(keys(Format::Number, "6"), ["nombres/6"]);
    assert_eq!(keys(Format::Number, "6000"), ["nombres/6-suite", "mots/mille"]);
    assert_eq!(keys(Format::Euros, "6.00"), ["nombres/6-suite", "mots/euros-z"]);
    assert_eq!(keys(Format::Digits, "66"), ["nombres/6-liste", "nombres/6"]);
}

#[test]
fn vowels_take_the_consonant_before_them_except_after_eleven() {
    assert_eq!(keys(Format::Euros, "1.00"), ["nombres/1-suite", "mots/euro-n"]);
    assert_eq!(keys(Format::Euros, "20.00"), ["nombres/20-suite", "mots/euros-t"]);
    assert_eq!(keys(Format::Euros, "80.00"), ["nombres/80-suite", "mots/euros-z"]);
    assert_eq!(keys(Format::Euros, "81.00"), ["nombres/81-suite", "mots/euros-n"]);
    assert_eq!(keys(Format::Euros, "91.00"), ["nombres/91-suite", "mots/euros"]);
    assert_eq!(keys(Format::Euros, "100.00"), ["nombres/100-suite", "mots/euros-t"]);
    assert_eq!(keys(Format::Euros, "300.00"), ["nombres/300-suite", "mots/euros-z"]);
    assert_eq!(keys(Format::Date, "2026-08-10"), ["mots/lundi-suite", "nombres/10-suite", "mots/aout-z"]);
}

#[test]
fn amounts_are_euros_with_a_point_and_cents_without() {
    assert_eq!(said(Format::Euros, "12.50"), "douze euros et cinquante centimes");
    assert_eq!(said(Format::Euros, "12,5"), "douze euros et cinquante centimes");
    assert_eq!(said(Format::Euros, "1250"), "douze euros et cinquante centimes");
    assert_eq!(said(Format::Euros, "-0.01"), "moins un centime");
    assert_eq!(said(Format::Euros, "1000000.00"), "un million d'euros");
    assert_eq!(said(Format::Euros, "1200000.00"), "un million deux cent mille euros");
    assert_eq!(words(Format::Euros, "12.505"), Err(SpeechError::Malformed(Format::Euros)));
    assert_eq!(words(Format::Euros, "1000000000.00"), Err(SpeechError::OutOfRange(Format::Euros)));
}

#[test]
fn ranks_follow_their_cardinal() {
    let rank = |value| said(Format::Ordinal, value);
    assert_eq!(rank("1er"), "premier");
    assert_eq!(rank("21"), "vingt et unième");
    assert_eq!(rank("71"), "soixante et onzième");
    assert_eq!(rank("101"), "cent unième");
    assert_eq!(rank("200"), "deux centième");
    assert_eq!(rank("1980"), "mille neuf cent quatre-vingtième");
    assert_eq!(rank("80000"), "quatre-vingt millième");
    assert_eq!(words(Format::Ordinal, "0"), Err(SpeechError::OutOfRange(Format::Ordinal)));
}

#[test]
fn telephone_numbers_say_every_zero() {
    let phone = |value| said(Format::Phone, value);
    assert_eq!(phone("0800 000 012"), "zéro huit cents, zéro zéro zéro, zéro douze");
    assert_eq!(phone("0033612345678"), phone("+33 (0)6.12.34.56.78"));
    assert_eq!(
        phone("+33805123456"),
        "plus trente-trois, huit cent cinq, cent vingt-trois, quatre cent cinquante-six"
    );
    assert_eq!(
        phone("+377 98 76 54"),
        "plus trois cent soixante-dix-sept, quatre-vingt-dix-huit, soixante-seize, cinquante-quatre"
    );
    assert_eq!(phone("112"), "cent douze");
    assert_eq!(words(Format::Phone, "06 12 alpha"), Err(SpeechError::Malformed(Format::Phone)));
    assert_eq!(words(Format::Phone, "1234567890123456"), Err(SpeechError::OutOfRange(Format::Phone)));
}

#[test]
fn long_digits_come_in_groups_that_can_be_written_down() {
    assert_eq!(said(Format::Digits, "1234"), "un deux trois quatre");
    assert_eq!(said(Format::Digits, "12345678"), "un deux trois, quatre cinq six, sept huit");
    assert_eq!(said(Format::Digits, "1234567"), "un deux trois, quatre cinq six sept");
    let pauses = keys(Format::Digits, "12345678").iter().filter(|key| *key == "mots/pause").count();
    assert_eq!(pauses, 2);
}

#[test]
fn references_are_spelled() {
    assert_eq!(said(Format::Spell, "ab-1é"), "A B tiret un E");
    assert_eq!(keys(Format::Spell, "A1"), ["lettres/a-liste", "nombres/1"]);
    assert_eq!(words(Format::Spell, "AB漢"), Err(SpeechError::Malformed(Format::Spell)));
}

#[test]
fn moments_are_said_as_written() {
    assert_eq!(said(Format::Date, "2026-11-26T00:00:00Z"), "jeudi vingt-six novembre");
    assert_eq!(said(Format::DateTime, "2027-05-18T09:00"), "mardi dix-huit mai à neuf heures");
    assert_eq!(said(Format::DateTime, "2027-05-18T12:00:00.000+02:00"), "mardi dix-huit mai à midi");
    assert_eq!(said(Format::Time, "00:00"), "minuit");
    assert_eq!(said(Format::Time, "9h"), "neuf heures");
    assert_eq!(said(Format::Duration, "172861"), "quarante-huit heures, une minute et une seconde");
    assert_eq!(words(Format::Date, "2026-02-30"), Err(SpeechError::OutOfRange(Format::Date)));
    assert_eq!(words(Format::Date, "26/11/2026"), Err(SpeechError::Malformed(Format::Date)));
    assert_eq!(words(Format::Time, "25:00"), Err(SpeechError::OutOfRange(Format::Time)));
    assert_eq!(words(Format::DateTime, "2027-05-18"), Err(SpeechError::Malformed(Format::DateTime)));
}

#[test]
fn opening_hours_are_a_sentence() {
    assert_eq!(
        said(Format::Hours, "lun-ven 9h-12h30 14h-18h; sam 9h-12h"),
        "du lundi au vendredi de neuf heures à douze heures trente et de quatorze heures à dix-huit heures, \
         et le samedi de neuf heures à midi"
    );
    assert_eq!(
        said(Format::Hours, "mon-sun 00:00-24:00"),
        "tous les jours vingt-quatre heures sur vingt-quatre"
    );
    assert_eq!(
        said(Format::Hours, "sat,sun 18:00-24:00"),
        "le samedi et le dimanche de dix-huit heures à minuit"
    );
    assert_eq!(words(Format::Hours, "lundi matin"), Err(SpeechError::Malformed(Format::Hours)));
}

#[test]
fn a_far_place_is_told_in_persons() {
    assert_eq!(text(&position(1)), "Vous êtes le prochain appel.");
    assert_eq!(text(&position(99)), "Votre appel est en quatre-vingt-dix-neuvième position.");
    assert_eq!(text(&position(122)), "Votre appel est en cent vingt-deuxième position.");
    assert_eq!(text(&position(1_022)), "Il y a mille vingt et une personnes avant vous.");
    assert_eq!(text(&persons_before(0)), "Il n'y a personne avant vous.");
}

#[test]
fn format_words_are_read_back() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Some(format));
        assert_eq!(words(format, " "), Err(SpeechError::Empty));
        assert_eq!(words(format, &"1".repeat(300)), Err(SpeechError::TooLong));
    }
    assert_eq!(Format::parse("roman"), None);
}

#[test]
fn no_recording_is_listed_twice() {
    let bank = bank();
    let keys: BTreeSet<&str> = bank.iter().map(|recording| recording.key.as_str()).collect();
    assert_eq!(keys.len(), bank.len());
}

fn assert_recorded(fragments: &[Fragment]) {
    thread_local! {
        static KEYS: BTreeSet<String> = bank().into_iter().map(|recording| recording.key).collect();
    }
    for fragment in fragments {
        assert!(KEYS.with(|keys| keys.contains(&*fragment.key)), "no recording {}", fragment.key);
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn whatever_can_be_said_is_recorded(
        n in prop_oneof![0..=1_100_u32, 0..=999_999_999_u32],
        seconds in prop_oneof![0..=100_000_u64, any::<u64>()],
        days in 0..=100_000_i32,
    ) {
        use crate::base::time::{Date, TimeOfDay};
        assert_recorded(&number(n).unwrap());
        assert_recorded(&amount(u64::from(n)).unwrap());
        for unit in [Unit::Euro, Unit::Centime, Unit::Hour, Unit::Minute, Unit::Second, Unit::Person] {
            assert_recorded(&quantity(n, unit).unwrap());
        }
        for gender in [Gender::Masculine, Gender::Feminine] {
            assert_recorded(&ordinal(n.max(1), gender).unwrap());
        }
        assert_recorded(&position(n as usize));
        assert_recorded(&persons_before(n as usize));
        assert_recorded(&wait(seconds));
        assert_recorded(&duration(seconds % 3_600_000_000_000).unwrap());
        let day = Date::new(1970, 1, 1).unwrap().plus_days(days);
        assert_recorded(&date_with_year(day));
        assert_recorded(&date(day));
        assert_recorded(&time(TimeOfDay::new((n % 24) as i8, (n % 60) as i8)));
    }

    #[test]
    fn any_digits_and_references_are_recorded(value in "[+]?[0-9]{1,15}", reference in "[A-Za-z0-9é _./@-]{1,60}") {
        for format in [Format::Phone, Format::Digits, Format::Number] {
            if let Ok(fragments) = speak(format, &value) {
                assert_recorded(&fragments);
            }
        }
        if let Ok(fragments) = speak(Format::Spell, &reference) {
            assert_recorded(&fragments);
        }
    }

    #[test]
    fn nothing_panics(value in "\\PC{0,80}", times in "[lunmardiesv0-9hT:;, +-]{0,40}") {
        for format in Format::ALL {
            for value in [&value, &times] {
                if let Ok(fragments) = speak(format, value) {
                    assert_recorded(&fragments);
                    prop_assert!(!text(&fragments).is_empty());
                }
            }
        }
    }
}
