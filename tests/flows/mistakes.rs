//! What people get wrong when they write a site, seeded into one that is right: each mistake is told once, at its line, by its
//! code, and nothing else is told; the whole messages are pinned in `snapshots/`.

mod flow_mistakes;
mod right;
mod site_mistakes;
mod yaml_mistakes;

use std::sync::Arc;

use svi::base::diagnostic::{Report, Source};
use svi::base::name::Name;

/// A file of the right site.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum In {
    /// `site.yaml`
    Site,
    /// `accueil.yaml`
    Flow,
    /// `identification.yaml`
    Called,
}

/// A mistake: a file, a text of it, what an operator makes of it, and what is told: each code with a text of the line that is
/// marked (none: the line that was changed).
pub type Mistake = (In, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const FILES: [(In, &str, &str); 3] = [
    (In::Site, "site.yaml", right::SITE),
    (In::Flow, "accueil.yaml", right::FLOW),
    (In::Called, "identification.yaml", right::CALLED),
];

fn report(texts: &[(&str, String)]) -> Report {
    let texts: Vec<Arc<Source>> =
        texts.iter().map(|(path, text)| Source::new(*path, text.as_str())).collect();
    let recordings = ["appel-gratuit.wav", "appel-enregistre.wav", "attente.wav", "bip.wav", "promotion.wav"];
    let (_, report) = svi::config::read(&texts, &recordings.map(Name::from).into(), true, &|_| None);
    report.sorted()
}

/// The right site with one text exchanged.
fn site_with(mistake: &Mistake) -> Vec<(&'static str, String)> {
    let (file, from, to, _) = mistake;
    FILES
        .map(|(this, path, text)| {
            if this != *file {
                return (path, text.to_owned());
            }
            assert!(text.contains(from), "{path} has no {from:?}");
            (path, text.replacen(from, to, 1))
        })
        .to_vec()
}

/// `accueil.yaml:12 unknown-block` for each that is told.
fn told(report: &Report) -> Vec<String> {
    let line = |told: &svi::base::diagnostic::Diagnostic| {
        format!("{}:{} {}", told.source.path, told.source.position(told.range.start).0, told.code)
    };
    report.iter().map(line).collect()
}

/// The same as the mistake expects it.
fn expected(mistake: &Mistake, texts: &[(&'static str, String)]) -> Vec<String> {
    let (file, from, _, codes) = mistake;
    let (_, path, right) = FILES.into_iter().find(|(this, _, _)| this == file).unwrap();
    let changed = right[..right.find(from).unwrap()].matches('\n').count() + 1;
    let place = |marker: &str| {
        let changed_first = texts.iter().filter(|(other, _)| *other == path);
        let found = changed_first.chain(texts).find_map(|(path, text)| {
            let whole = text.lines().position(|line| line.trim() == marker);
            let line = whole.or_else(|| text.lines().position(|line| line.contains(marker)))?;
            Some(format!("{path}:{}", line + 1))
        });
        found.unwrap_or_else(|| panic!("no line has {marker:?}"))
    };
    let one = |(code, marker): &(&str, &str)| match *marker {
        "" => format!("{path}:{changed} {code}"),
        marker => format!("{} {code}", place(marker)),
    };
    codes.iter().map(one).collect()
}

fn all() -> impl Iterator<Item = &'static Mistake> {
    flow_mistakes::MISTAKES.iter().chain(yaml_mistakes::MISTAKES).chain(site_mistakes::MISTAKES)
}

#[test]
fn the_right_site_has_every_verb_and_is_told_nothing() {
    let texts: Vec<(&str, String)> =
        FILES.iter().map(|(_, path, text)| (*path, (*text).to_owned())).collect();
    assert_eq!(report(&texts).to_string(), "");
    for verb in svi::flow::verb::VERBS {
        let step = format!("- {}:", verb.name);
        assert!(texts.iter().any(|(_, text)| text.contains(&step)), "no step `{}`", verb.name);
    }
}

#[test]
fn each_mistake_is_told_at_its_line_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for mistake in all() {
        let texts = site_with(mistake);
        let report = report(&texts);
        let (told, expected) = (told(&report), expected(mistake, &texts));
        if told != expected {
            wrong.push(format!(
                "{:?} -> {:?}\nwants {expected:?}\ntells {told:?}\n{report}",
                mistake.1, mistake.2
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n\n{}", wrong.len(), all().count(), wrong.join("\n"));
}

#[test]
fn there_are_mistakes_of_every_kind_and_none_twice() {
    let changes: std::collections::BTreeSet<(&str, &str)> =
        all().map(|(_, from, to, _)| (*from, *to)).collect();
    assert_eq!(changes.len(), all().count());
    assert!(changes.len() >= 120, "{}", changes.len());
}

#[test]
fn every_message_is_drawn_as_it_was() {
    let mut drawn = String::new();
    for mistake in all() {
        let report = report(&site_with(mistake));
        drawn.push_str(&format!("{:?} -> {:?}\n\n{}", mistake.1, mistake.2, report));
    }
    insta::assert_snapshot!("messages", drawn);
}
