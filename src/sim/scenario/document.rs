//! Reads a file of scenarios. Every name in it is one that the site has, so that what fails later is the call, not the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::form::{CALL, FILE, STEP, TEST};
use super::hear::Wanted;
use super::http::Answers;
use super::moment;
use super::read::Reader;
use super::{Deed, Scenario, Step};
use crate::base::diagnostic::{Report, Source, Text};
use crate::base::form::keys;
use crate::base::limit::{QUEUE_LENGTH_MAX, SCENARIOS_PER_FILE_MAX};
use crate::base::name::Name;
use crate::base::read::mark;
use crate::base::time::Wall;
use crate::base::yaml::{self, Node, Value};
use crate::centre::number::{self, Class};
use crate::flow::graph::Flow;
use crate::flow::vocabulary::CallFacts;
use crate::say;
use crate::sim::conversation::{Others, Reply};
use crate::switchboard::Edition;

/// A caller when the scenario names none: a mobile of mainland France.
pub(crate) const CALLER: &str = "06 12 34 56 78";
/// The moment of a call when the scenario names none: a Tuesday without a holiday.
pub(crate) const MOMENT: &str = "2026-11-24 10h";
/// The reference of every call in a scenario.
const REFERENCE: &str = "000001";

/// Reads the scenarios of a file.
pub fn read(source: &Arc<Source>, edition: &Edition, report: &mut Report) -> Vec<Scenario> {
    let mut found = Report::default();
    let Some(root) = yaml::parse(source, &mut found).filter(|_| !found.has_errors()) else {
        report.extend(found);
        return Vec::new();
    };
    let mut reader = Reader::new(source, edition, &mut found);
    let scenarios = reader.document(&root);
    report.extend(found);
    scenarios
}

/// Reads a file of answers alone, in the form of a scenario's `http`, with or without that word above it.
pub(crate) fn read_answers(source: &Arc<Source>, edition: &Edition, report: &mut Report) -> Answers {
    let mut found = Report::default();
    let root = yaml::parse(source, &mut found).filter(|_| !found.has_errors());
    let answers = root.map(|root| {
        let node = root.get("http").unwrap_or(&root);
        Reader::new(source, edition, &mut found).answers(node)
    });
    report.extend(found);
    answers.unwrap_or_default()
}

impl Reader<'_> {
    fn document(&mut self, root: &Node) -> Vec<Scenario> {
        let fields = self.fields(root, Text::word("a file of scenarios"), FILE);
        let (flow, tests) = (fields.need(self, "flow"), fields.need(self, "tests"));
        let flow = flow.and_then(|node| self.flow(node));
        let Some(tests) = tests else { return Vec::new() };
        let tests = self.one_or_more(tests);
        if tests.len() > SCENARIOS_PER_FILE_MAX {
            let message = say!("more than {} scenarios stand in one file", SCENARIOS_PER_FILE_MAX);
            self.error(tests[SCENARIOS_PER_FILE_MAX], "too-many", message, Text::word("divide the file"));
        }
        let mut names: BTreeMap<String, ()> = BTreeMap::new();
        let mut scenarios = Vec::new();
        for test in tests.into_iter().take(SCENARIOS_PER_FILE_MAX) {
            if let Some(name) = test.get("name").filter(|name| name.text().is_some())
                && names.insert(name.text().unwrap_or("").to_owned(), ()).is_some()
            {
                let help = Text::word("give each scenario a name of its own");
                self.error(
                    name,
                    "scenario-twice",
                    say!("there are two scenarios `{}`", name.text().unwrap_or("")),
                    help,
                );
            }
            scenarios.extend(self.test(test, flow.as_ref()));
        }
        scenarios
    }

    fn flow(&mut self, node: &Node) -> Option<Arc<Flow>> {
        let flows = &self.edition.site.flows;
        let name = self.one_of(node, Text::word("flow"), flows)?;
        let flow = flows.get(&name).cloned()?;
        if !flow.inputs.is_empty() {
            let help = Text::word("test it through a flow that calls it");
            self.error(
                node,
                "needs-inputs",
                say!("`{}` is called by other flows, which give it its inputs", name),
                help,
            );
            return None;
        }
        Some(flow)
    }

    fn test(&mut self, node: &Node, flow: Option<&Arc<Flow>>) -> Option<Scenario> {
        let fields = self.fields(node, Text::word("a scenario"), TEST);
        let name = fields.need(self, "name");
        let name = name.and_then(|node| Some((self.text(node)?.to_owned(), node.range.clone())));
        let call = self.call(fields.get("call"), flow);
        let answers = fields.get("http").map_or_else(Answers::default, |node| self.answers(node));
        let steps = fields.get("steps").map(|node| self.steps(node)).unwrap_or_default();
        let expectations = fields.get("expect").map(|node| self.expectations(node)).unwrap_or_default();
        let (name, place) = name?;
        let (facts, wall, others) = call?;
        let source = Arc::clone(self.source);
        let flow = Arc::clone(flow?);
        Some(Scenario { name, source, flow, place, facts, wall, others, answers, steps, expectations })
    }

    /// Who calls whom, when, and who else is there.
    fn call(&mut self, node: Option<&Node>, flow: Option<&Arc<Flow>>) -> Option<(CallFacts, Wall, Others)> {
        let nothing = mark(0..0);
        let fields = self.fields(node.unwrap_or(&nothing), Text::word("`call`"), CALL);
        let wall = match fields.get("at") {
            Some(at) => self.moment(at),
            None => moment::parse(MOMENT, self.edition),
        };
        let caller = match fields.get("from") {
            Some(from) => self.caller(from),
            None => Some(CALLER.to_owned()),
        };
        let number = match (fields.get("to"), flow) {
            (Some(to), Some(flow)) => self.dialled(to, flow),
            (None, Some(flow)) => Some(usual_number(self.edition, flow)),
            (_, None) => None,
        };
        let mut others = Others::all_agents(self.edition);
        if let Some(agents) = fields.get("agents") {
            self.crowd(agents, &mut others.agents);
        }
        if let Some(waiting) = fields.get("waiting") {
            self.crowd(waiting, &mut others.waiting);
        }
        let (wall, caller, number) = (wall?, caller?, number?);
        Some((facts(self.edition, &number, &caller, wall), wall, others))
    }

    /// The caller's number, or `anonymous`.
    fn caller(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        let class = number::normalise(text).class;
        if !matches!(class, Class::Unknown | Class::Emergency) {
            return Some(text.to_owned());
        }
        let help = say!("write a number, or `{}` for a caller who hides theirs", "anonymous");
        self.error(node, "not-a-number", say!("`{}` is not a telephone number", text), help);
        None
    }

    /// A number that reaches the flow.
    fn dialled(&mut self, node: &Node, flow: &Arc<Flow>) -> Option<String> {
        let text = self.text(node)?;
        let numbers = &self.edition.site.numbers;
        let asked = number::normalise(text).number;
        let reached = asked.as_deref().and_then(|number| numbers.get_key_value(number));
        match reached {
            Some((number, reached)) if reached.name == flow.name => Some(number.clone()),
            Some((_, reached)) => {
                let help = say!("a scenario of that flow stands in a file with `flow: {}`", reached.name);
                self.error(node, "other-flow", say!("`{}` reaches the flow `{}`", text, reached.name), help);
                None
            }
            None => {
                let own = numbers.iter().filter(|(_, reached)| reached.name == flow.name);
                let own: Vec<String> = own.map(|(number, _)| number::display(number)).collect();
                let help = match own.is_empty() {
                    true => Text::word("the flow has no number: leave `to` out"),
                    false => say!("the flow has: {}", own.join(", ")),
                };
                self.error(
                    node,
                    "unknown-number",
                    say!("no flow of the site has the number `{}`", text),
                    help,
                );
                None
            }
        }
    }

    /// A count of every queue, or of some: `agents: 0`, `waiting: { conseillers: 3 }`.
    fn crowd(&mut self, node: &Node, counts: &mut BTreeMap<Name, usize>) {
        let queues = &self.edition.site.shared.queues;
        if node.text().is_some() {
            if let Some(count) = self.number(node) {
                counts.extend(queues.keys().map(|queue| (queue.clone(), count)));
            }
            return;
        }
        for (key, value) in self.pairs(node, Text::word("a count for each queue")) {
            let queue = self.one_of(key, Text::word("queue"), queues);
            if let (Some(queue), Some(count)) = (queue, self.number(value)) {
                counts.insert(queue, count);
            }
        }
    }

    fn steps(&mut self, node: &Node) -> Vec<Step> {
        let nothing = mark(0..0);
        let mut steps = Vec::new();
        for item in self.list(node) {
            let (key, value) = match &item.value {
                Value::Text { .. } => (item, &nothing),
                Value::Map(entries) => match &entries[..] {
                    [(key, value)] => (key, value),
                    [_, (second, _), ..] => {
                        let help = Text::word("write each step with a `-` before it");
                        self.error(second, "two-steps", Text::word("a step has one key"), help);
                        continue;
                    }
                    [] => continue,
                },
                Value::Null | Value::List(_) => {
                    self.error(
                        item,
                        "not-a-step",
                        Text::word("this is no step"),
                        say!("there are: {}", keys(STEP).join(", ")),
                    );
                    continue;
                }
            };
            if let Some(deed) = self.deed(key, value) {
                steps.push(Step { place: key.range.start..value.range.end.max(key.range.end), deed });
            }
        }
        steps
    }

    fn deed(&mut self, key: &Node, value: &Node) -> Option<Deed> {
        let written = value.value != Value::Null;
        match key.text().unwrap_or("") {
            "hear" => self.wanted(value, key).map(Deed::Hear),
            "not_heard" => self.wanted(value, key).map(Deed::NotHear),
            "press" => self.given(value, key).and_then(|value| self.keys(value)).map(Deed::Press),
            "wait" => self.given(value, key).and_then(|value| self.duration(value)).map(Deed::Wait),
            "say" => self.given(value, key).and_then(|value| self.duration(value)).map(Deed::Say),
            "position" => {
                self.given(value, key).and_then(|value| self.place_in_line(value)).map(Deed::Position)
            }
            "clock" => self.given(value, key).and_then(|value| self.moment(value)).map(Deed::Clock),
            "answer" if written => {
                let agents = &self.edition.site.shared.agents;
                let agent = self.one_of(value, Text::word("agent"), agents)?;
                Some(Deed::Reply(Reply::Answer(Some(agent))))
            }
            word @ ("silence" | "busy" | "no_answer" | "unreachable" | "hangup") if written => {
                self.error(
                    value,
                    "not-wanted",
                    say!("nothing stands behind `{}`", word),
                    say!("write `- {}`", word),
                );
                None
            }
            "silence" => Some(Deed::Silence),
            "answer" => Some(Deed::Reply(Reply::Answer(None))),
            "busy" => Some(Deed::Reply(Reply::Busy)),
            "no_answer" => Some(Deed::Reply(Reply::NoAnswer)),
            "unreachable" => Some(Deed::Reply(Reply::Unreachable)),
            "hangup" => Some(Deed::HangUp),
            _ => {
                self.unknown(key, "unknown-step", Text::word("step"), keys(STEP));
                None
            }
        }
    }

    /// What stands behind a step that cannot be without.
    fn given<'n>(&mut self, value: &'n Node, key: &'n Node) -> Option<&'n Node> {
        if value.value != Value::Null {
            return Some(value);
        }
        let word = key.text().unwrap_or("");
        let example = match word {
            "press" => "press: 1",
            "wait" => "wait: 30s",
            "say" => "say: 10s",
            "position" => "position: 3",
            "clock" => "clock: 2026-11-24 12h31",
            _ => "hear: bienvenue",
        };
        let help = match self.is_comment(key.range.end) {
            true => say!("`{}` begins a comment in YAML: write `{}`", "#", "hash"),
            false => say!("write `{}`", example),
        };
        self.error(key, "missing-value", say!("something is missing behind `{}`", word), help);
        None
    }

    fn place_in_line(&mut self, node: &Node) -> Option<usize> {
        self.count(node, QUEUE_LENGTH_MAX)
    }

    /// Words, or a prompt file that some flow plays.
    fn wanted(&mut self, value: &Node, key: &Node) -> Option<Wanted> {
        let value = self.given(value, key)?;
        let text = self.text(value)?.trim();
        let sound = [".wav", ".mp3", ".ogg"].iter().any(|ending| text.ends_with(ending));
        if sound && !text.contains(' ') {
            let site = &self.edition.site;
            let music = site.shared.queues.values().filter_map(|queue| queue.music.clone());
            let known =
                site.flows.values().flat_map(|flow| flow.recordings()).map(|(key, _)| key).chain(music);
            let known: std::collections::BTreeSet<Name> =
                known.filter(|key| !key.starts_with("voix/")).collect();
            let file = self.one_of(value, Text::word("prompt of the flows"), &known)?;
            return Some(Wanted::file(&file));
        }
        let wanted = Wanted::words(text);
        if wanted.is_none() {
            self.error(value, "no-words", say!("there are no words in `{}`", text), Text::default());
        }
        wanted
    }
}

/// The first free number of a flow, else its first; that of the site for a flow without numbers.
fn usual_number(edition: &Edition, flow: &Flow) -> String {
    let numbers = &edition.site.numbers;
    let campaign = numbers.iter().find(|(_, reached)| reached.name == flow.name).map(|(number, _)| number);
    let own = flow.numbers.iter().find(|number| number::is_free(number)).or(flow.numbers.first());
    own.or(campaign).or(numbers.keys().next()).cloned().unwrap_or_default()
}

/// What is known of a call from its first message.
pub(crate) fn facts(edition: &Edition, number: &str, caller: &str, wall: Wall) -> CallFacts {
    let day = wall.civil(&edition.site.shared.zone).map(|civil| civil.date);
    let campaign = day.and_then(|day| edition.site.shared.campaign(number, day)).cloned();
    CallFacts { reference: REFERENCE.into(), campaign, ..edition.facts(number, caller) }
}
