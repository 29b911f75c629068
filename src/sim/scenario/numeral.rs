//! Numbers in letters, French and English: `quatre-vingt-dix-sept` is 97. Words come without accents, in lower case.

/// The number that the words begin with, and how many of them it takes. Words of one breath: no pause lies between them.
pub(super) fn read(words: &[&str]) -> Option<(u64, usize)> {
    french(words).or_else(|| english(words))
}

/// Whether a word alone is an English number and no French one: `cents` behind it are money.
pub(super) fn is_english(word: &str) -> bool {
    french(&[word]).is_none() && english(&[word]).is_some()
}

fn french(words: &[&str]) -> Option<(u64, usize)> {
    if words.first() == Some(&"zero") {
        return Some((0, 1));
    }
    grouped(words, french_below_thousand, &["mille"], &["million", "millions"])
}

fn english(words: &[&str]) -> Option<(u64, usize)> {
    if words.first() == Some(&"zero") {
        return Some((0, 1));
    }
    grouped(words, english_below_thousand, &["thousand"], &["million"])
}

type Group = fn(&[&str]) -> Option<(u64, usize)>;

/// Millions, thousands, and the rest.
fn grouped(words: &[&str], group: Group, thousand: &[&str], million: &[&str]) -> Option<(u64, usize)> {
    let (mut total, mut taken) = (0, 0);
    let mut limit = u64::MAX;
    loop {
        let rest = &words[taken..];
        let (count, used) = match group(rest) {
            Some(found) => found,
            // "mille", never "un mille".
            None if rest.first().is_some_and(|word| *word == "mille") && limit > 1_000 => (1, 0),
            None => break,
        };
        let scale = rest.get(used).map_or(1, |word| match word {
            word if million.contains(word) => 1_000_000,
            word if thousand.contains(word) => 1_000,
            _ => 1,
        });
        if scale >= limit {
            break;
        }
        total += count * scale;
        taken += used + usize::from(scale > 1);
        limit = scale;
        if scale == 1 {
            break;
        }
    }
    (taken > 0).then_some((total, taken))
}

fn french_below_thousand(words: &[&str]) -> Option<(u64, usize)> {
    let hundred = |at: usize| words.get(at).is_some_and(|word| matches!(*word, "cent" | "cents"));
    let (hundreds, taken) = match words.first().and_then(|word| french_unit(word)) {
        Some(unit @ 2..=9) if hundred(1) => (unit, 2),
        _ if hundred(0) => (1, 1),
        _ => return french_below_hundred(words),
    };
    let (rest, more) = french_below_hundred(&words[taken..]).unwrap_or((0, 0));
    Some((hundreds * 100 + rest, taken + more))
}

fn french_below_hundred(words: &[&str]) -> Option<(u64, usize)> {
    let first = *words.first()?;
    let twenty = |at: usize| words.get(at).is_some_and(|word| matches!(*word, "vingt" | "vingts"));
    if first == "quatre" && twenty(1) {
        let (rest, more) = french_below_twenty(&words[2..]).unwrap_or((0, 0));
        return Some((80 + rest, 2 + more));
    }
    let ten = match first {
        "vingt" => 20,
        "trente" => 30,
        "quarante" => 40,
        "cinquante" => 50,
        "soixante" => 60,
        "septante" => 70,
        "huitante" | "octante" => 80,
        "nonante" => 90,
        _ => return french_below_twenty(words),
    };
    let joined = words.get(1) == Some(&"et");
    let rest = french_below_twenty(&words[1 + usize::from(joined)..]);
    match rest {
        Some((unit @ (1 | 11), more)) if joined && (unit == 1 || ten == 60) => Some((ten + unit, 2 + more)),
        Some((unit, more)) if !joined && (2..=if ten == 60 { 19 } else { 9 }).contains(&unit) => {
            Some((ten + unit, 1 + more))
        }
        _ => Some((ten, 1)),
    }
}

fn french_below_twenty(words: &[&str]) -> Option<(u64, usize)> {
    let first = *words.first()?;
    let unit = |at: usize| words.get(at).and_then(|word| french_unit(word));
    match (first, unit(1)) {
        ("dix", Some(unit @ 7..=9)) => Some((10 + unit, 2)),
        ("dix", _) => Some((10, 1)),
        _ => {
            const TEENS: [&str; 6] = ["onze", "douze", "treize", "quatorze", "quinze", "seize"];
            let teen = TEENS.iter().position(|teen| *teen == first);
            teen.map(|teen| 11 + teen as u64).or_else(|| french_unit(first)).map(|number| (number, 1))
        }
    }
}

fn french_unit(word: &str) -> Option<u64> {
    const UNITS: [&str; 9] = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
    let word = if word == "une" { "un" } else { word };
    UNITS.iter().position(|unit| *unit == word).map(|place| place as u64 + 1)
}

fn english_below_thousand(words: &[&str]) -> Option<(u64, usize)> {
    let (count, taken) = english_below_hundred(words)?;
    if !(1..=9).contains(&count) || words.get(taken) != Some(&"hundred") {
        return Some((count, taken));
    }
    let and = usize::from(words.get(taken + 1) == Some(&"and"));
    match english_below_hundred(&words[taken + 1 + and..]) {
        Some((rest, more)) => Some((count * 100 + rest, taken + 1 + and + more)),
        None => Some((count * 100, taken + 1)),
    }
}

fn english_below_hundred(words: &[&str]) -> Option<(u64, usize)> {
    const SMALL: [&str; 19] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let small = |word: &&str| SMALL.iter().position(|small| small == word).map(|place| place as u64 + 1);
    let first = words.first()?;
    if let Some(number) = small(first) {
        return Some((number, 1));
    }
    let ten = (TENS.iter().position(|ten| ten == first)? as u64 + 2) * 10;
    match words.get(1).and_then(small) {
        Some(unit @ 1..=9) => Some((ten + unit, 2)),
        _ => Some((ten, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::speech::{Format, words};

    fn number(text: &str) -> Option<(u64, usize)> {
        let words: Vec<&str> = text.split([' ', '-']).collect();
        read(&words)
    }

    #[test]
    fn every_number_that_speech_says_is_read_back() {
        let all = (0..=2_100_u64)
            .chain((0..400).map(|step| step * step * 6_271 + step))
            .filter(|n| *n < 1_000_000_000);
        for n in all {
            let said = words(Format::Number, &n.to_string()).unwrap().replace('é', "e");
            let count = said.split([' ', '-']).count();
            assert_eq!(number(&said), Some((n, count)), "{said}");
        }
    }

    #[test]
    fn a_number_ends_where_it_can_go_no_further() {
        assert_eq!(number("un deux trois"), Some((1, 1)));
        assert_eq!(number("onze vingt-deux"), Some((11, 1)));
        assert_eq!(number("vingt et quelques"), Some((20, 1)));
        assert_eq!(number("zero six"), Some((0, 1)));
        assert_eq!(number("twenty-one"), Some((21, 2)));
        assert_eq!(number("one hundred and five thousand"), Some((105_000, 5)));
        assert_eq!(number("bonjour"), None);
        assert_eq!(number("cent mille deux"), Some((100_002, 3)));
    }
}
