//! What is said can be said: a value that does not fit its format would leave a hole in the prompt.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::graph::Flow;
use super::super::prompt::{Part, spoken};
use super::super::read::Reader;
use super::super::value::{CALLBACK_BEFORE, NEXT_OPEN};
use super::super::verb::Step;
use super::super::verb::letter::Letter;
use super::super::verb::record::UNSAYABLE;
use super::super::written::fits;
use super::place::at;
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::say;

pub(super) fn check(reader: &mut Reader<'_>, flow: &Flow) {
    let mut samples = samples(flow);
    for calendar in &reader.names.hours {
        samples.insert(calendar.clone(), vec!["mon-fri 09:00-12:30".to_owned()]);
        samples.insert(Name::from(format!("{calendar}{NEXT_OPEN}")), vec!["2026-11-26T09:00".to_owned()]);
    }
    for (_, block) in flow.blocks() {
        for (step, place) in block.steps.iter().zip(&block.places) {
            if let Step::Letter(letter) = step {
                write(reader, letter, place, &samples);
            }
            for (language, part) in step.speeches().into_iter().flat_map(|speech| speech.all_parts()) {
                let Part::Value(path, format) = part else { continue };
                let of_it = samples.get(path.0.as_str()).into_iter().flatten();
                let Some(why) = of_it.filter_map(|sample| spoken(language, *format, sample).err()).next()
                else {
                    continue;
                };
                let help = match reader.names.hours.contains(path.0.as_str()) {
                    true => Text::word(
                        "the hours of a calendar are said by `hours`, its `.next_open` by `date-time`",
                    ),
                    false => Text::word("use another format (`digits`, `spell`), or ask for fewer digits"),
                };
                let written = format!("{{{}|{}}}", path.0, format.as_str());
                let place = place_of(&path.0, &reader.source.text, place);
                reader.error(
                    &at(&place),
                    "format",
                    say!("`{}` cannot be said: {}", written, why.text()),
                    help,
                );
            }
        }
    }
}

/// What is written in a letter reads as its format: else a date would arrive as `2026-11-26T11:30`.
fn write(
    reader: &mut Reader<'_>,
    letter: &Letter,
    step: &Range<usize>,
    samples: &BTreeMap<Name, Vec<String>>,
) {
    for (path, format) in letter.formats() {
        let of_it = samples.get(path.0.as_str()).into_iter().flatten();
        if of_it.clone().any(|sample| sample != UNSAYABLE && !fits(format, sample)) {
            let place = place_of(&path.0, &reader.source.text, step);
            let written = format!("{{{}|{}}}", path.0, format.as_str());
            let message =
                say!("`{}` cannot be written: the value does not read as `{}`", written, format.as_str());
            reader.error(&at(&place), "format", message, Text::word("use another format, or none"));
        }
    }
}

/// The placeholder of a name in the text of a step; the step where it is not found.
fn place_of(name: &str, text: &str, step: &Range<usize>) -> Range<usize> {
    let whole = &text[step.clone()];
    let found = whole.match_indices('{').find_map(|(open, _)| {
        let length = whole[open..].find('}')? + 1;
        let inside = &whole[open + 1..open + length - 1];
        (inside.split('|').next()?.trim() == name).then_some(open..open + length)
    });
    found.map_or(step.clone(), |found| step.start + found.start..step.start + found.end)
}

/// Values that variables may have, and those of facts that always look alike.
fn samples(flow: &Flow) -> BTreeMap<Name, Vec<String>> {
    let mut samples: BTreeMap<Name, Vec<String>> = BTreeMap::from([
        (Name::from("caller"), vec!["0612345678".to_owned()]),
        (Name::from("call.number"), vec!["0800123456".to_owned()]),
        (Name::from("call.ref"), vec!["042137".to_owned()]),
        (Name::from(CALLBACK_BEFORE), vec!["2026-11-26T11:30".to_owned()]),
    ]);
    for (name, sample) in flow.steps().flat_map(Step::samples) {
        samples.entry(name.clone()).or_default().push(sample);
    }
    samples
}
