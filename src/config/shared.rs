//! The sections that flows share, read from wherever they stand: `site.yaml`, or beside the blocks of a small site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::read::{Credentials, Reader};
use super::schema::SITE;
use super::site::{Campaign, Line, Server, Shared};
use super::{
    check, section_calendar, section_incoming, section_money, section_outgoing, section_outside,
    section_people, section_server, section_sms,
};
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, nearest};
use crate::base::name::Name;
use crate::base::read::{self, Pair};
use crate::base::yaml::{Node, Value};
use crate::centre::incoming::Incoming;
use crate::centre::outgoing::Outgoing;
use crate::figures::cost::Tariffs;
use crate::figures::tariff::Tariff;
use crate::say;

/// The keys of a site; all others of a file are its flow's.
pub const SECTIONS: [&str; 15] = [
    "site",
    "timezone",
    "server",
    "trunks",
    "agents",
    "hours",
    "queues",
    "mailboxes",
    "campaigns",
    "tariffs",
    "incoming",
    "outgoing",
    "apis",
    "sms",
    "mail",
];

/// The clock of a site that names none: mainland France's.
pub(crate) const ZONE: &str = "Europe/Paris";

/// A text that was read as YAML.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its text.
    pub(crate) source: Arc<Source>,
    /// Its tree.
    pub(crate) root: Node,
}

impl Document {
    /// Whether what it names can be known: each of its sections of names is one.
    pub(super) fn is_whole(&self) -> bool {
        const NAMED: [&str; 7] = ["agents", "campaigns", "hours", "mailboxes", "queues", "tariffs", "trunks"];
        let pairs = match &self.root.value {
            Value::Map(entries) => entries.iter().map(|(key, value)| (key, value)).collect(),
            Value::Null | Value::Text { .. } | Value::List(_) => Vec::new(),
        };
        let astray = self.root.get("blocks").is_none() && !Self::astray(pairs).0.is_empty();
        !astray
            && NAMED
                .iter()
                .filter_map(|section| self.root.get(section))
                .all(|node| node.is_map() || node.value == Value::Null)
    }

    /// The keys at the top that were meant to stand in the empty section before them, and all others.
    pub(super) fn astray<'d>(pairs: Vec<Pair<'d>>) -> (Vec<(&'d Node, &'static str)>, Vec<Pair<'d>>) {
        let (mut astray, mut others, mut empty) = (Vec::new(), Vec::new(), None);
        for (key, value) in pairs {
            let known = SECTIONS.iter().find(|section| key.text() == Some(section)).copied();
            let is_ours = |key: &str| key == "svi" || nearest(key, SECTIONS).is_some();
            let is_section = known.is_some() || key.text().is_none_or(is_ours);
            match empty.filter(|_| !is_section && value.is_map()) {
                Some(section) => astray.push((key, section)),
                None => {
                    empty = known.filter(|_| value.value == Value::Null);
                    others.push((key, value));
                }
            }
        }
        (astray, others)
    }

    /// A section, also under a name that can only mean it: its mistake is told once, where it stands.
    fn section(&self, section: &str) -> Option<&Node> {
        self.root.get(section).or_else(|| {
            if self.root.get("blocks").is_some() {
                return None;
            }
            let meant = |key: &str| !SECTIONS.contains(&key) && nearest(key, SECTIONS) == Some(section);
            check::keys(&self.root).into_iter().find(|(key, _)| meant(key)).map(|(_, node)| node)
        })
    }
}

/// Reads all shared sections of all documents; what is not written has its usual value.
pub(super) fn read(
    documents: &[Document],
    prompts: &BTreeSet<Name>,
    report: &mut Report,
    credentials: Credentials<'_>,
) -> Shared {
    let mut site = Sections { documents, report, credentials };
    let name = site.one("site", |reader, node| reader.new_name(node)).flatten();
    let zone = site.one("timezone", section_calendar::timezone).flatten();
    let zone = zone.map_or_else(|| Name::from(ZONE), Name::from);
    let server = site.one("server", section_server::server).unwrap_or_default();
    let trunks = site.each("trunks", section_server::trunk);
    let agents = site.each("agents", section_people::agent);
    let hours = site.each("hours", |reader, name, node| section_calendar::hours(reader, name, node, &zone));
    let queues = site.each("queues", |reader, _, node| section_people::queue(reader, node));
    let mailboxes = site.each("mailboxes", |reader, _, node| section_people::mailbox(reader, node));
    let campaigns = site.each("campaigns", |reader, _, node| section_money::campaign(reader, node));
    let tariffs = site.each("tariffs", |reader, _, node| section_money::tariff(reader, node));
    let outgoing = site.one("outgoing", section_outgoing::outgoing).unwrap_or_default();
    let incoming = site.one("incoming", section_incoming::incoming).unwrap_or_default();
    let apis = site.one("apis", section_outside::apis).unwrap_or_default().into_iter().collect();
    let sms = site.one("sms", section_sms::sms).flatten();
    let mail = site.one("mail", section_outside::mail).flatten();
    let name = name.unwrap_or_else(|| Name::from("svi"));
    site.one("server", |reader, node| check::server(reader, node, &server));
    // Names are compared with those that were written, so that one mistake is not told twice.
    let agent_names = site.written("agents");
    let tariff_names = site.written("tariffs");
    site.one("agents", |reader, node| check::agents(reader, node, &outgoing));
    site.one("queues", |reader, node| check::queues(reader, node, &agent_names, prompts));
    site.one("trunks", check::trunks);
    site.one("trunks", |reader, node| check::tariffs(reader, node, &tariff_names));
    site.one("campaigns", |reader, node| check::tariffs(reader, node, &tariff_names));
    site.one("tariffs", check::priced_numbers);
    let of_sms = site.one("sms", |reader, node| check::tariff(reader, node, &tariff_names)).flatten();
    let tariffs = all_tariffs(tariffs, &campaigns, &trunks, of_sms);
    Shared {
        name,
        zone,
        server,
        trunks,
        agents,
        hours,
        queues,
        mailboxes,
        campaigns,
        tariffs,
        incoming,
        outgoing,
        apis,
        sms,
        mail,
    }
}

/// The tariffs, and what goes by which.
fn all_tariffs(
    tariffs: BTreeMap<Name, (Tariff, Vec<String>)>,
    campaigns: &BTreeMap<Name, Campaign>,
    trunks: &BTreeMap<Name, Line>,
    sms: Option<Name>,
) -> Tariffs {
    let of_numbers = |(name, (_, numbers)): (&Name, &(Tariff, Vec<String>))| {
        numbers.iter().map(|number| (number.clone(), name.clone())).collect::<Vec<_>>()
    };
    let of_campaign = |(name, campaign): (&Name, &Campaign)| Some((name.clone(), campaign.tariff.clone()?));
    let of_trunk = |(name, line): (&Name, &Line)| Some((name.clone(), line.tariff.clone()?));
    Tariffs {
        numbers: tariffs.iter().flat_map(of_numbers).collect(),
        campaigns: campaigns.iter().filter_map(of_campaign).collect(),
        trunks: trunks.iter().filter_map(of_trunk).collect(),
        all: tariffs.into_iter().map(|(name, (tariff, _))| (name, tariff)).collect(),
        sms,
    }
}

/// The sections of all documents.
struct Sections<'a> {
    documents: &'a [Document],
    report: &'a mut Report,
    credentials: Credentials<'a>,
}

impl<'a> Sections<'a> {
    /// Reads a section where it stands.
    fn one<T>(
        &mut self,
        section: &'static str,
        read: impl FnOnce(&mut Reader<'_>, &'a Node) -> T,
    ) -> Option<T> {
        let (document, node) = self
            .documents
            .iter()
            .find_map(|document| document.section(section).map(|node| (document, node)))?;
        Some(read(&mut Reader::new(&document.source, self.report, self.credentials), node))
    }

    /// Reads every named entry of a section.
    fn each<T>(
        &mut self,
        section: &'static str,
        mut read: impl FnMut(&mut Reader<'_>, &Name, &'a Node) -> Option<T>,
    ) -> BTreeMap<Name, T> {
        let entries = self.one(section, |reader, node| {
            let named = reader.named(node, say!("`{}`", section));
            named
                .into_iter()
                .filter_map(|(name, node)| read(reader, &name, node).map(|entry| (name, entry)))
                .collect()
        });
        entries.unwrap_or_default()
    }

    /// The names written in a section, whether or not their entries are well.
    fn written(&self, section: &str) -> BTreeSet<Name> {
        let sections = self.documents.iter().filter_map(|document| document.section(section));
        sections.flat_map(check::keys).map(|(key, _)| Name::from(key)).collect()
    }
}

/// Reports sections that stand in two files, and those of which nothing comes.
pub(crate) fn check_sections(documents: &[Document], report: &mut Report) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for Document { source, root } in documents {
        let places = check::keys_with_nodes(root).into_iter().map(|(_, place)| place);
        read::Reader::new(source, report).idle(places, SITE);
        for (key, place) in check::keys_with_nodes(root) {
            let Some(section) = SECTIONS.iter().find(|section| **section == key) else { continue };
            if let Some(first) = seen.insert(section, &source.path) {
                report.push(Diagnostic {
                    severity: Severity::Error,
                    code: "section-twice",
                    message: say!("`{}` stands in {} too", section, first),
                    source: Arc::clone(source),
                    range: place.range.clone(),
                    help: Some(Text::word("keep each section in one file")),
                });
            }
        }
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            name: Name::from("svi"),
            zone: Name::from(ZONE),
            server: Server::default(),
            trunks: BTreeMap::new(),
            agents: BTreeMap::new(),
            hours: BTreeMap::new(),
            queues: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            campaigns: BTreeMap::new(),
            tariffs: Tariffs::default(),
            incoming: Incoming::default(),
            outgoing: Outgoing::default(),
            apis: BTreeMap::new(),
            sms: None,
            mail: None,
        }
    }
}

#[cfg(test)]
#[path = "shared_tests.rs"]
mod tests;
