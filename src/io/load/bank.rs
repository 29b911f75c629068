//! The bank of spoken values, as a site may bring parts of it: all of it must be there and be sound, and a voice in the
//! middle of another one is told.

use super::super::recordings::Recordings;
use super::unreadable;
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, nearest};
use crate::flow::speech::{self, Language};
use crate::say;

/// What is wrong with the bank.
pub(super) fn report(recordings: &Recordings) -> Report {
    let mut report = Report::default();
    for language in Language::ALL {
        let bank: Vec<String> =
            speech::bank_of(language).into_iter().map(|recording| recording.key).collect();
        // Without a voice, a pause is not foreign to any.
        let own: Vec<&String> = bank.iter().filter(|key| recordings.is_own(key)).collect();
        for key in bank.iter().filter(|key| recordings.place(key).is_none()) {
            let help = Text::word("a recording of it must lie in the site's `prompts/`");
            let message = say!("the word `{}` of the bank has no recording", key);
            report.push(about(Severity::Error, "missing-fragment", key, message, help));
        }
        for key in &own {
            if let Some(Err(why)) = recordings.load(key, None) {
                let path = recordings.path(key).unwrap_or_default();
                report.push(unreadable(&path, &why));
            }
        }
        if let Some(first) = own.first().filter(|_| own.len() + 1 < bank.len()) {
            let path = recordings.path(first).unwrap_or_default();
            let message = say!(
                "the site brings {} of {} recordings of the bank `{}`: the others are heard in svi's voice",
                own.len(),
                bank.len(),
                language.as_str()
            );
            let help = Text::word("`svi prompts sheet --bank` lists all of them for a studio");
            report.push(about(Severity::Warning, "mixed-voices", &path, message, help));
        }
    }
    misnamed(recordings, &mut report);
    report
}

/// Files in the folders of the bank that are none of its words.
fn misnamed(recordings: &Recordings, report: &mut Report) {
    let bank: Vec<String> = speech::bank().into_iter().map(|recording| recording.key).collect();
    let folder = |key: &str| key.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let folders: std::collections::BTreeSet<String> = bank.iter().filter_map(|key| folder(key)).collect();
    for (key, _) in recordings.places().filter(|(key, _)| recordings.is_own(key)) {
        let within = folder(key).is_some_and(|folder| folders.contains(&folder));
        if within && bank.binary_search_by(|known| known.as_str().cmp(key.as_str())).is_err() {
            let help = match nearest(key, bank.iter().map(String::as_str)) {
                Some(meant) => say!("did you mean `{}`?", meant),
                None => Text::word("`svi prompts sheet --bank` lists the names"),
            };
            let path = recordings.path(key).unwrap_or_default();
            let message = say!("`{}` is no word of the bank: it is never heard", key);
            report.push(about(Severity::Warning, "unknown-fragment", &path, message, help));
        }
    }
}

fn about(severity: Severity, code: &'static str, path: &str, message: Text, help: Text) -> Diagnostic {
    Diagnostic { severity, code, message, source: Source::new(path, ""), range: 0..0, help: Some(help) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_without_a_recording_is_an_error() {
        assert_eq!(report(&Recordings::shipped()), Report::default());
        let found = report(&Recordings::default());
        let words: usize = Language::ALL.into_iter().map(|language| speech::bank_of(language).len()).sum();
        assert_eq!((found.errors(), found.warnings()), (words, 0));
        let told = found.to_string();
        let one = "error[missing-fragment]: the word `en/numbers/5.wav` of the bank has no recording";
        assert!(told.contains(one) && told.contains("`nombres/6-suite.wav`"), "{one}");
    }
}
