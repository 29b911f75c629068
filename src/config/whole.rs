//! A site with its flows compiled: what the switchboard runs on.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::load::{self, FlowText, Loaded, Sources};
use super::read::Credentials;
use super::site::Shared;
use crate::base::diagnostic::{Report, Source};
use crate::base::name::Name;
use crate::centre::number;
use crate::flow::graph::Flow;
use crate::flow::{self, Names};

/// A whole site.
pub type Site = Loaded<Flow>;

/// Reads a site and all its flows. `recordings` are the keys of all sounds there are; with `can_render`, texts without one
/// will get theirs. What comes back may be used only when the report has no error.
pub fn read(
    texts: &[Arc<Source>],
    recordings: &BTreeSet<Name>,
    can_render: bool,
    credentials: Credentials<'_>,
) -> (Site, Report) {
    let sources = Sources { texts, prompts: recordings, credentials };
    load::load(sources, |text: &FlowText, shared: &Shared, report: &mut Report| {
        // The site's own text-to-speech command counts as soon as the site names it.
        let can_render = can_render || !shared.server.speech.is_empty();
        let names = Names {
            campaign_numbers: text.campaign_numbers.clone(),
            ..names(shared, recordings, can_render)
        };
        flow::compile(&text.source, &text.root, &text.name, &names, report)
    })
}

fn names(shared: &Shared, recordings: &BTreeSet<Name>, can_render: bool) -> Names {
    let mailboxes = shared.mailboxes.iter();
    let skills = |agents: &[Name]| {
        let agents = agents.iter().filter_map(|name| shared.agents.get(name));
        agents.flat_map(|agent| agent.skills.iter().cloned()).collect()
    };
    Names {
        hours: shared.hours.keys().cloned().collect(),
        queues: shared.queues.keys().cloned().collect(),
        skills: shared
            .queues
            .iter()
            .map(|(name, queue)| (name.clone(), skills(&queue.rules.agents)))
            .collect(),
        mailboxes: mailboxes.map(|(name, mailbox)| (name.clone(), mailbox.longest)).collect(),
        agents: shared.agents.keys().cloned().collect(),
        recordings: recordings.clone(),
        can_render,
        normalise: |text| number::normalise(text).number,
        is_free: number::is_free,
        campaign_numbers: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[(&str, &str)]) -> String {
        let texts: Vec<Arc<Source>> = texts.iter().map(|(path, text)| Source::new(*path, *text)).collect();
        let recordings = ["appel-gratuit.wav", "appel-enregistre.wav", "attente.wav"].map(Name::from).into();
        let (_, report) = read(&texts, &recordings, true, &|_| Some("secret".to_owned()));
        report
            .iter()
            .map(|told| format!("{} {}\n", told.code, told.source.position(told.range.start).0))
            .collect()
    }

    const SITE: &str = include_str!("../../flows/site.yaml");

    #[test]
    fn what_is_shipped_and_what_the_readme_shows_is_right() {
        let readme = include_str!("../../README.md");
        let block = readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        assert_eq!(told(&[("site.yaml", SITE), ("README.md", block)]), "");
        assert_eq!(
            told(&[("site.yaml", SITE), ("accueil.yaml", include_str!("../../flows/accueil.yaml"))]),
            ""
        );
    }

    #[test]
    fn the_reference_lacks_nothing_but_verbs_of_later() {
        let site = include_str!("../../tests/data/site/site.yaml");
        let flow = include_str!("../../tests/data/site/service-client.yaml");
        assert_eq!(
            told(&[("site.yaml", site), ("service-client.yaml", flow)]),
            "verb-later 35\nverb-later 87\nverb-later 91\nverb-later 98\n"
        );
    }

    #[test]
    fn a_skill_that_no_agent_of_the_queue_has_is_told() {
        let flow = "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: b\nblocks:\n  b:\n    - queue: conseillers\n      skill: chinois\n      no_agent: c\n      too_long: c\n  c:\n    - hangup: busy\n";
        assert_eq!(told(&[("site.yaml", SITE), ("a.yaml", flow)]), "unknown-name 8\n");
    }

    #[test]
    fn the_free_number_of_a_campaign_must_be_announced_too() {
        let flow =
            "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: c\nblocks:\n  c:\n    - hangup: busy\n";
        let campaigns = "svi: 1\ncampaigns: { noel: { number: 0800 123 457 } }\n";
        assert_eq!(told(&[("a.yaml", flow)]), "");
        assert_eq!(told(&[("a.yaml", flow), ("site.yaml", campaigns)]), "announcement 3\n");
    }
}
