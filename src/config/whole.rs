//! A site with its flows compiled: what the switchboard runs on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::load::{self, FlowText, Loaded, Sources};
use super::read::Credentials;
use super::section_outgoing;
use super::site::Shared;
use crate::base::diagnostic::{Report, Severity, Source, Text};
use crate::base::name::Name;
use crate::centre::number;
use crate::centre::outgoing::Outgoing;
use crate::flow::graph::Flow;
use crate::flow::numbers::Numbers;
use crate::flow::speech::Language;
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
    let mut all_names: BTreeMap<Name, Names> = BTreeMap::new();
    let (site, mut report) = load::load(sources, |text: &FlowText, shared: &Shared, report: &mut Report| {
        // The site's own text-to-speech command counts as soon as the site names it.
        let can_render = match can_render {
            true => Language::ALL.into(),
            false => shared.server.speech.0.keys().copied().collect(),
        };
        let names = Names {
            campaign_numbers: text.campaign_numbers.clone(),
            siblings: Arc::clone(&text.siblings),
            ..names(shared, recordings, can_render)
        };
        let flow = flow::read(&text.source, &text.root, &text.name, &names, report);
        all_names.insert(text.name.clone(), names);
        flow
    });
    // Consequences after causes: the laws are judged when all flows that can be read are there.
    for (name, flow) in &site.flows {
        // A key that stands twice has hidden one of its values: what the laws would say of the rest is not meant.
        let misread = report.iter().any(|told| {
            told.is_of_reading() && told.severity == Severity::Error && told.source.path == flow.path()
        });
        if let Some(names) = all_names.get(name).filter(|_| !misread) {
            flow::judge(flow, &site.flows, names, &mut report);
        }
    }
    if !site.all_read {
        report.drop_consequences();
    }
    (site, report)
}

/// The plan of numbers, and what the site allows.
#[derive(Debug)]
struct Plan(Outgoing);

impl Numbers for Plan {
    fn normal(&self, text: &str) -> Option<String> {
        number::normalise(text).number
    }

    fn is_free(&self, text: &str) -> bool {
        number::is_free(text)
    }

    fn barred(&self, number: &str) -> Option<(Text, Text)> {
        let barred = self.0.judge(number).err()?;
        Some(section_outgoing::told(number, barred))
    }
}

fn names(shared: &Shared, recordings: &BTreeSet<Name>, can_render: BTreeSet<Language>) -> Names {
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
            // Of a queue whose agents are misspelled it is not known what they can do.
            .filter(|(_, queue)| {
                !queue.rules.agents.is_empty()
                    && queue.rules.agents.iter().all(|agent| shared.agents.contains_key(agent))
            })
            .map(|(name, queue)| (name.clone(), skills(&queue.rules.agents)))
            .collect(),
        mailboxes: mailboxes.map(|(name, mailbox)| (name.clone(), mailbox.longest)).collect(),
        agents: shared.agents.keys().cloned().collect(),
        phones: shared
            .agents
            .iter()
            .filter_map(|(name, agent)| Some((name.clone(), agent.phone.clone()?)))
            .collect(),
        addresses: shared
            .mailboxes
            .iter()
            .map(|(name, mailbox)| (name.clone(), mailbox.email.clone()))
            .collect(),
        recordings: recordings.clone(),
        can_render,
        zone: shared.zone.clone(),
        numbers: Arc::new(Plan(shared.outgoing.clone())),
        campaign_numbers: Vec::new(),
        siblings: Arc::default(),
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
    fn the_reference_is_right_as_it_is_written() {
        let site = include_str!("../../tests/data/site/site.yaml");
        let flow = include_str!("../../tests/data/site/service-client.yaml");
        let told = told(&[("site.yaml", site), ("service-client.yaml", flow)]);
        let idle = |told: &str| told.starts_with("not-carried-out ");
        assert!(told.lines().all(idle), "it has settings for later versions, and no mistake: {told}");
        assert_eq!(told.lines().count(), 3, "{told}");
    }

    const CALLER: &str = "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: b\nblocks:\n  b:\n    - set: { n: \"12\" }\n    - call: sous\n      with: { numero: \"{n}\" }\n    - say: \"Bonjour {client}.\"\n    - hangup: normal\n";
    const CALLED: &str = "svi: 1\nname: sous\nstart: b\ninputs: [numero]\noutputs: [client]\nblocks:\n  b:\n    - if: numero == \"12\"\n      then: c\n    - return: { client: inconnu }\n  c:\n    - set: { client: \"{numero}\" }\n    - return:\n";

    #[test]
    fn flows_call_each_other_by_what_they_declare() {
        let both = |from: &str, to: &str| {
            told(&[("a.yaml", &CALLER.replace(from, to)), ("sous.yaml", &CALLED.replace(from, to))])
        };
        assert_eq!(both("", ""), "");
        assert_eq!(both("call: sous", "call: sou"), "unknown-name 8\n");
        assert_eq!(both("with: { numero", "with: { numer"), "unknown-input 9\n");
        assert_eq!(
            both("outputs: [client]", "outputs: [client, ville]"),
            "unknown-variable 10\nunknown-variable 13\n"
        );
        assert_eq!(both("{ client: inconnu }", "{ clien: inconnu }"), "unknown-output 10\n");
        assert_eq!(
            both("    - set: { client: \"{numero}\" }\n", "    - call: a\n"),
            "call-loop 8\ncall-loop 12\n"
        );
        assert_eq!(both("inputs: [numero]", "inputs: { numero: nombre }"), "unknown-type 4\n");
        assert_eq!(both("numero == \"12\"", "numero == 12"), "type 8\n");
        assert_eq!(
            both("start: b\ninputs: [numero]", "numbers: [01 23 45 67 88]\nstart: b\ninputs: [numero]"),
            "return-nowhere 11\n"
        );
    }

    #[test]
    fn callers_take_their_language_along() {
        let english = CALLER.replace("set: { n: \"12\" }", "set: { n: \"12\", call.language: en }");
        assert_eq!(told(&[("a.yaml", &english), ("sous.yaml", CALLED)]), "language 10\n");
        let both = english
            .replace("\"Bonjour {client}.\"", "{ fr: \"Bonjour {client}.\", en: \"Hello {client}.\" }");
        assert_eq!(told(&[("a.yaml", &both), ("sous.yaml", CALLED)]), "");
        let said = CALLED.replace("    - return:\n", "    - say: Merci.\n    - return:\n");
        assert_eq!(told(&[("a.yaml", &both), ("sous.yaml", &said)]), "language 13\n");
    }

    /// One slip of YAML hides a whole file: what may stand in it is not told to be missing elsewhere.
    #[test]
    fn causes_are_told_and_what_follows_from_them_is_not() {
        let site = "svi: 1\nagents: { a: { phone: 06 12 34 56 78, confirm: 1 } }\nqueues: { q: { agents: [a] } }\n\
                    mailboxes: { m: { longest: 1m, email: a@b.fr } }\nhours: { h: { week: { lun: 9h-12h } } }\n";
        let flow = "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: b\nblocks:\n  b:\n    - hours: h\n      open: c\n      closed: d\n\
                    \x20 c:\n    - say: \"{h.next_open|date-time}\"\n    - ring: [a]\n      failed: e\n\
                    \x20 d:\n    - voicemail: m\n    - email: x\n      to: m\n    - sms: x\n      to: a\n    - hangup: normal\n\
                    \x20 e:\n    - queue: q\n      no_agent: d\n      too_long: d\n";
        let both = |from: &str, to: &str| {
            assert!(site.contains(from) || flow.contains(from), "{from}");
            told(&[("site.yaml", &site.replace(from, to)), ("a.yaml", &flow.replace(from, to))])
        };
        assert_eq!(both("svi", "svi"), "");
        assert_eq!(both("hours: { h:", "hours: { h"), "yaml 5\n");
        assert_eq!(both("mailboxes: {", "mailboxes:\t{\n\t"), "tab 5\n");
        assert_eq!(both("hours: {", "horaires: {"), "unknown-key 5\n", "under a word that can only mean it");
        assert_eq!(
            both("agents: { a: { phone: 06 12 34 56 78, confirm: 1 } }", "agents: [a]"),
            "not-a-map 2\n"
        );
        assert_eq!(both("a: { phone: 06 12 34 56 78, confirm: 1 }", "a: 06 12 34 56 78"), "not-a-map 2\n");
        assert_eq!(both("06 12 34 56 78", "06 12"), "not-a-number 2\n");
        assert_eq!(both("m: { longest: 1m, email: a@b.fr }", "m: a@b.fr"), "not-a-map 4\n");
        assert_eq!(both("hangup: normal", "hangup: [normal"), "yaml 21\n");
        let campaign = "svi: 1\ncampaigns: { noel: { number: 01 23 45 67 80, flow: ventes } }\n";
        let sales = "svi: 1\nname: ventes\nstart: b\nblocks:\n  b:\n    - hangup: \"normal\n";
        assert_eq!(told(&[("site.yaml", campaign), ("ventes.yaml", sales)]), "yaml 6\n");
        assert_eq!(told(&[("site.yaml", campaign)]), "unknown-name 2\n");
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
