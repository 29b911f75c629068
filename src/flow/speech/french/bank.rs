//! The list of all recordings that spoken French can ask for.

use super::super::read::Gender;
use super::super::recording::{Delivery, Recording};
use super::atom::{Atom, Rank};
use super::word::{self, Word};

/// All recordings of French.
pub(in super::super) fn bank() -> Vec<Recording> {
    let mut bank = Vec::new();
    for n in 0..=99 {
        record(&mut bank, Atom::Number(n, Gender::Masculine), |delivery| number_sound(n, delivery));
        let feminine = Atom::number(n, Gender::Feminine);
        if feminine != Atom::Number(n, Gender::Masculine) {
            let sound = if n == 81 { "[[k'atr@v'E~'yn]]".into() } else { feminine.words(None) };
            record(&mut bank, feminine, |_| sound.clone());
        }
        if matches!(n, 2..=30 | 40 | 50 | 60 | 80) {
            record(&mut bank, Atom::Rank(Rank::Nth(n)), |_| rank_sound(n));
        }
    }
    let hours = (0..=23).map(Atom::Clock);
    let zeros = (0..=9).map(Atom::ZeroAnd);
    let hundreds = (1..=9).map(Atom::Hundreds);
    let letters = ('A'..='Z').map(Atom::Letter);
    let ranks = [
        Rank::First(Gender::Masculine),
        Rank::First(Gender::Feminine),
        Rank::CompoundFirst,
        Rank::Hundredth,
        Rank::Thousandth,
        Rank::Millionth,
    ];
    for atom in hours.chain(zeros).chain(hundreds).chain(letters).chain(ranks.map(Atom::Rank)) {
        record(&mut bank, atom, |_| atom.words(None));
    }
    for word in word::WORDS {
        record_word(&mut bank, word);
    }
    bank
}

fn record(bank: &mut Vec<Recording>, atom: Atom, sound: impl Fn(Delivery) -> String) {
    for delivery in atom.deliveries() {
        bank.push(Recording {
            key: atom.recording(None, *delivery),
            delivery: *delivery,
            text: atom.words(None),
            say: sound(*delivery),
        });
    }
}

fn record_word(bank: &mut Vec<Recording>, word: &'static Word) {
    let phonemes = word.say != word.text && !word.say.starts_with("[[");
    for delivery in word.deliveries {
        for onset in std::iter::once(None).chain(word.onsets.iter().copied().map(Some)) {
            let say = match (phonemes, onset) {
                (true, Some(consonant)) => format!("[[{consonant}{}]]", word.say),
                (true, None) => format!("[[{}]]", word.say),
                (false, _) => word.say.into(),
            };
            let key = Atom::Word(word).recording(onset, *delivery);
            bank.push(Recording { key, delivery: *delivery, text: word.text.into(), say });
        }
    }
}

/// 1 to 19 behind `quatre-vingt`, at the end and inside a phrase, in phonemes.
const BEHIND_EIGHTY: [(&str, &str); 20] = [
    ("", ""),
    ("'W~", "'W~"),
    ("d'Y", "d'Y"),
    ("trw'a", "trw'a"),
    ("k'atr", "k'atr"),
    ("s'E~k", "s'E~k"),
    ("s'is", "s'i"),
    ("s'Et", "s'Et"),
    ("y'it", "y'i"),
    ("n'Wf", "n'Wf"),
    ("d'is", "d'i"),
    ("'O~z", "'O~z"),
    ("d'uz", "d'uz"),
    ("tr'Ez", "tr'Ez"),
    ("kat'Orz", "kat'Orz"),
    ("k'E~z", "k'E~z"),
    ("s'Ez", "s'Ez"),
    ("dis'Et", "dis'Et"),
    ("dizy'it", "dizy'i"),
    ("dizn'Wf", "dizn'Wf"),
];

/// espeak-ng links a `t` into 81 to 99 that French does not have, and swallows a syllable.
fn number_sound(n: u8, delivery: Delivery) -> String {
    match n {
        80..=99 => {
            let (last, inside) = BEHIND_EIGHTY[usize::from(n - 80)];
            let rest = if delivery == Delivery::Linked { inside } else { last };
            format!("[[k'atr@v'E~{rest}]]")
        }
        _ => Atom::Number(n, Gender::Masculine).words(None),
    }
}

/// espeak-ng says `huissième`, and errs after eighty as above.
fn rank_sound(n: u8) -> String {
    match n {
        8 => "[[yitj'Em]]".into(),
        18 => "[[dizyitj'Em]]".into(),
        19 => "[[diznWvj'Em]]".into(),
        28 => "[[v'E~tyitj'Em]]".into(),
        80 => "[[k'atr@v'E~tj'Em]]".into(),
        _ => Atom::Rank(Rank::Nth(n)).words(None),
    }
}
