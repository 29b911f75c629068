//! The list of all recordings that spoken English can ask for.

use super::super::recording::Recording;
use super::atom::Atom;
use super::word;

/// All recordings of English.
pub(in super::super) fn bank() -> Vec<Recording> {
    let tens = (30..=90).step_by(10);
    let numbers = (0..=20).chain(tens.clone()).map(Atom::Number);
    let ranks = (1..=20).chain(tens).map(Atom::Rank);
    let letters = ('A'..='Z').map(Atom::Letter);
    let words = word::WORDS.iter().map(|word| Atom::Word(word));
    let atoms = numbers.chain(ranks).chain(letters).chain(words);
    atoms.flat_map(recordings).collect()
}

fn recordings(atom: Atom) -> impl Iterator<Item = Recording> {
    atom.deliveries().iter().map(move |delivery| Recording {
        key: atom.recording(*delivery),
        delivery: *delivery,
        text: atom.words(),
        say: sound(atom),
    })
}

/// espeak-ng takes a lone `A` for the article.
fn sound(atom: Atom) -> String {
    match atom {
        Atom::Letter('A') => "[['eI]]".into(),
        Atom::Word(word) => word.say.into(),
        _ => atom.words(),
    }
}
