//! Words as an ear takes them: without case, accents and punctuation, numbers by their value however they are written.
//!
//! A figure can be read in several ways (`0611` as a number, digit by digit, by pairs, as a telephone number), so that a
//! text is a graph: its edges are words and numbers, and every path through it is a reading.

use std::collections::BTreeSet;

use super::figure;
use super::numeral;
use crate::base::name::Name;

/// A word of a reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    /// Lower case, without accents.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A prompt file.
    File(Name),
}

/// All readings of a text. Grows at its end.
#[derive(Clone, Debug)]
pub(super) struct Readings {
    /// The edges that leave each place.
    places: Vec<Vec<(Word, usize)>>,
    /// Whether a match may begin and end at a place: not in the middle of a figure.
    doors: Vec<bool>,
    end: usize,
}

impl Readings {
    /// No words.
    pub(super) fn new() -> Self {
        Self { places: vec![Vec::new()], doors: vec![true], end: 0 }
    }

    /// The readings of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut readings = Self::new();
        readings.add_text(text);
        readings
    }

    /// The last place.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Whether there is no word.
    pub(super) fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Adds a prompt file.
    pub(super) fn add_file(&mut self, file: &Name) {
        self.add(vec![vec![Word::File(file.clone())]]);
    }

    /// Adds the words of a text.
    pub(super) fn add_text(&mut self, text: &str) {
        for piece in figure::pieces(text) {
            let from = self.end;
            match piece {
                figure::Piece::Prose(prose) => {
                    for word in prose_words(prose) {
                        let spelled = spelled(&word.1);
                        self.add(std::iter::once(vec![word.0]).chain(spelled).collect());
                    }
                }
                figure::Piece::Figure(ways) => self.add(ways),
                figure::Piece::Grouped(parts, whole) => {
                    parts.into_iter().for_each(|ways| self.add(ways));
                    let end = self.end;
                    self.places[from].push((Word::Number(whole), end));
                }
            }
        }
    }

    /// Adds one unit with all its readings.
    fn add(&mut self, ways: Vec<Vec<Word>>) {
        let from = self.end;
        let ways: BTreeSet<Vec<Word>> = ways.into_iter().filter(|way| !way.is_empty()).collect();
        if ways.is_empty() {
            return;
        }
        let mut last_edges = Vec::new();
        for way in ways {
            let mut at = from;
            let last = way.len() - 1;
            for (place, word) in way.into_iter().enumerate() {
                if place == last {
                    last_edges.push((at, word));
                } else {
                    let next = self.place(false);
                    self.places[at].push((word, next));
                    at = next;
                }
            }
        }
        self.end = self.place(true);
        let end = self.end;
        last_edges.into_iter().for_each(|(at, word)| self.places[at].push((word, end)));
    }

    fn place(&mut self, door: bool) -> usize {
        self.places.push(Vec::new());
        self.doors.push(door);
        self.places.len() - 1
    }

    /// Where `wanted` is said first, from a place on: where it begins and ends.
    pub(super) fn find(&self, wanted: &Self, from: usize) -> Option<(usize, usize)> {
        let doors = (from..=self.end).filter(|place| self.doors[*place]);
        doors.into_iter().find_map(|door| Some((door, self.follow(wanted, door)?)))
    }

    /// The first place at which a reading of `wanted` that begins here ends.
    fn follow(&self, wanted: &Self, door: usize) -> Option<usize> {
        let mut seen = BTreeSet::new();
        let mut open = vec![(0, door)];
        let mut found: Option<usize> = None;
        while let Some((theirs, ours)) = open.pop() {
            if theirs == wanted.end && self.doors[ours] {
                found = Some(found.map_or(ours, |found| found.min(ours)));
                continue;
            }
            for (word, their_next) in &wanted.places[theirs] {
                for (said, our_next) in &self.places[ours] {
                    if word == said && seen.insert((*their_next, *our_next)) {
                        open.push((*their_next, *our_next));
                    }
                }
            }
        }
        found
    }
}

/// The words of a text in letters, numbers folded, each with the letters that it was read from.
pub(super) fn prose_words(text: &str) -> Vec<(Word, String)> {
    let mut words = Vec::new();
    // A pause ends a number: "vingt, deux" is not 22.
    for breath in text.split([',', '.', ';', ':', '!', '?', '…', '\n', '(', ')', '«', '»', '"', '/']) {
        let letters: Vec<&str> =
            breath.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).collect();
        let plain: Vec<String> = letters.iter().map(|word| fold(word)).collect();
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        let mut at = 0;
        let mut english = false;
        while at < plain.len() {
            match numeral::read(&plain[at..]) {
                // English money.
                _ if english && matches!(plain[at], "cent" | "cents") => {
                    words.push((Word::Text("centime".into()), String::new()));
                    at += 1;
                }
                Some((number, taken)) => {
                    english = numeral::is_english(plain[at]);
                    words.push((Word::Number(number), String::new()));
                    at += taken;
                    continue;
                }
                None => {
                    words.push((Word::Text(singular(plain[at]).to_owned()), letters[at].to_owned()));
                    at += 1;
                }
            }
            english = false;
        }
    }
    words
}

/// Letters, figures, accents that stand as signs of their own, and the one sign that is said.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '€')
}

/// The letters of a word in capitals, one by one: as references and acronyms are spelled.
fn spelled(letters: &str) -> Option<Vec<Word>> {
    let capitals = letters.chars().count() > 1 && letters.chars().all(char::is_uppercase);
    capitals.then(|| letters.chars().map(|letter| Word::Text(fold(&letter.to_string()))).collect())
}

/// Lower case, without accents.
pub(super) fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' | 'í' | 'ì' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => plain.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => plain.push('u'),
            'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            // Accents that stand as signs of their own (a text in Unicode's form D).
            '\u{300}'..='\u{36f}' => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The word of a unit as it stands behind a figure, whatever the figure.
fn singular(word: &str) -> &str {
    match word {
        "euros" | "eur" | "€" => "euro",
        "centimes" => "centime",
        "heures" => "heure",
        "minutes" => "minute",
        "secondes" => "seconde",
        "premiere" => "premier",
        other => other,
    }
}
