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
