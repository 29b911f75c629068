//! What no scenario visits: blocks, and ways out of steps.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::base::diagnostic::{Text, Tongue};
use crate::base::name::Name;
use crate::flow::graph::{Block, BlockId, Flow};
use crate::flow::verb::Step;
use crate::flow::verb::way::{Label, Way};
use crate::say;
use crate::sim::conversation::{Cause, Story};
use crate::switchboard::Edition;

/// What the scenarios of a site have visited.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The flows that are judged.
    flows: BTreeMap<Name, Arc<Flow>>,
    blocks: BTreeSet<(Name, BlockId)>,
    /// Ways by flow, block, step and their place among the ways of the step.
    ways: BTreeSet<(Name, BlockId, usize, usize)>,
}

/// A part of a whole.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were visited.
    pub(crate) visited: usize,
    /// Of how many.
    pub(crate) all: usize,
}

impl Share {
    /// In whole percents, never rounded up to a hundred.
    pub fn percent(self) -> usize {
        (self.visited * 100).checked_div(self.all).unwrap_or(100)
    }
}

impl Coverage {
    /// Of all flows of a site.
    pub fn of_site(edition: &Edition) -> Self {
        Self { flows: edition.site.flows.clone(), ..Self::default() }
    }

    /// Of some flows of a site, and those that they call.
    pub(crate) fn of_flows(edition: &Edition, names: impl IntoIterator<Item = Name>) -> Self {
        let mut flows = BTreeMap::new();
        let mut open: Vec<Name> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(flow) = edition.site.flows.get(&name).filter(|_| !flows.contains_key(&name)) else {
                continue;
            };
            flows.insert(name, Arc::clone(flow));
            for (_, block) in flow.blocks() {
                open.extend(block.steps.iter().filter_map(|step| match step {
                    Step::Call(call) => Some(call.flow.clone()),
                    _ => None,
                }));
            }
        }
        Self { flows, ..Self::default() }
    }

    /// A call was played: it began in `flow`.
    pub fn add(&mut self, flow: &Flow, story: &Story) {
        let mut last: BTreeMap<Name, BlockId> = BTreeMap::new();
        let mut flow_before = flow.name.clone();
        for (name, cause) in story.path.iter().zip(&story.causes) {
            let Some((flow, id)) = self.find(flow, name) else { continue };
            self.blocks.insert((flow.name.clone(), id));
            let called = flow.name != flow_before && id == flow.start;
            flow_before = flow.name.clone();
            // A flow that is called begins anew; one that is come back to goes on where it was.
            if let Some(from) = last.insert(flow.name.clone(), id).filter(|_| !called) {
                self.take(&flow, from, id, *cause);
            }
        }
    }

    /// The block of a path: of the flow that was dialled, or `FLOW/BLOCK`.
    fn find(&self, dialled: &Flow, name: &str) -> Option<(Arc<Flow>, BlockId)> {
        let block =
            |flow: &Flow, name: &str| flow.blocks().find(|(_, block)| block.name == *name).map(|(id, _)| id);
        if let Some(id) = block(dialled, name) {
            return Some((Arc::clone(self.flows.get(&dialled.name)?), id));
        }
        let (flow, name) = name.split_once('/')?;
        let flow = self.flows.get(flow)?;
        Some((Arc::clone(flow), block(flow, name)?))
    }

    /// A way was taken. What nothing tells apart counts together.
    fn take(&mut self, flow: &Flow, from: BlockId, to: BlockId, cause: Cause) {
        let all = ways(flow.block(from));
        let fitting: Vec<_> = all.iter().filter(|(_, _, way)| way.to == to).collect();
        let best = fitting.iter().map(|(_, _, way)| fits(&way.label, cause)).max().unwrap_or(0);
        for (step, place, way) in fitting {
            if fits(&way.label, cause) == best && best > 0 {
                self.ways.insert((flow.name.clone(), from, *step, *place));
            }
        }
    }

    /// Blocks that were visited.
    pub fn blocks(&self) -> Share {
        let all = self.flows.values().map(|flow| flow.blocks().count()).sum();
        Share { visited: self.blocks.len(), all }
    }

    /// Ways that were taken.
    pub(crate) fn exits(&self) -> Share {
        let all =
            self.flows.values().flat_map(|flow| flow.blocks()).map(|(_, block)| ways(block).len()).sum();
        Share { visited: self.ways.len(), all }
    }

    /// The shares, and a list of what was not visited.
    pub fn describe(&self, tongue: Tongue) -> String {
        let (blocks, exits) = (self.blocks(), self.exits());
        let mut text = say!(
            "visited: {} of {} blocks ({} %), {} of {} exits ({} %)",
            blocks.visited,
            blocks.all,
            blocks.percent(),
            exits.visited,
            exits.all,
            exits.percent()
        )
        .to(tongue);
        text.push('\n');
        for (name, flow) in &self.flows {
            let many = self.flows.len() > 1;
            let title = |block: &Name| if many { format!("{name}/{block}") } else { block.to_string() };
            for (id, block) in flow.blocks() {
                if !self.blocks.contains(&(name.clone(), id)) {
                    // Writing to a String cannot fail.
                    let _ = writeln!(
                        text,
                        "  {}",
                        say!("no scenario visits the block `{}`", title(&block.name)).to(tongue)
                    );
                    continue;
                }
                for (step, place, way) in ways(block) {
                    if !self.ways.contains(&(name.clone(), id, step, place)) {
                        let label = words(&way.label);
                        let to = &flow.block(way.to).name;
                        let line = say!(
                            "no scenario leaves the block `{}` by {} (to `{}`)",
                            title(&block.name),
                            &label,
                            to
                        );
                        let _ = writeln!(text, "  {}", line.to(tongue));
                    }
                }
            }
        }
        text
    }
}

/// The ways out of the steps of a block, with the step and their place; what is always gone is none to be chosen.
fn ways(block: &Block) -> Vec<(usize, usize, Way)> {
    let steps = block.steps.iter().enumerate();
    steps
        .flat_map(|(step, ways)| {
            ways.ways().into_iter().enumerate().map(move |(place, way)| (step, place, way))
        })
        .collect()
}

/// How well a way explains why a block was entered: 0 not at all.
fn fits(label: &Label, cause: Cause) -> u8 {
    match (label, cause) {
        (Label::Key(key, _), Cause::Key(pressed)) if *key == pressed => 4,
        (Label::Key(..), _) => 0,
        (Label::Invalid | Label::Refused, Cause::Key(_)) => 2,
        (Label::Silence | Label::TooLong, Cause::Time) => 3,
        (Label::Refused | Label::Otherwise, Cause::Time) => 2,
        (Label::Otherwise, Cause::Key(_)) => 2,
        (Label::NoAgent, Cause::NoAgent)
        | (Label::TooLong, Cause::Full)
        | (Label::Failed, Cause::Failed)
        | (Label::After, Cause::After)
        | (Label::NotFound, Cause::NotFound)
        | (Label::Error, Cause::Error) => 3,
        (
            Label::Always
            | Label::Open
            | Label::Closed
            | Label::Holiday
            | Label::Then(_)
            | Label::Else
            | Label::Case(_)
            | Label::Otherwise
            | Label::Share(_),
            _,
        ) => 1,
        _ => 0,
    }
}

/// The way in words.
fn words(label: &Label) -> Text {
    match label {
        Label::Always => Text::word("its end"),
        Label::Key(key, text) if text.is_empty() => say!("the key {}", key),
        Label::Key(key, text) => say!("the key {}, {}", key, text),
        Label::Open => Text::word("`open`"),
        Label::Closed => Text::word("`closed`"),
        Label::Holiday => Text::word("`holiday`"),
        Label::Then(condition) => say!("`then`, {}", condition),
        Label::Else => Text::word("`else`"),
        Label::Case(case) => say!("the case `{}`", case),
        Label::Otherwise => Text::word("`otherwise`"),
        Label::Invalid => Text::word("`invalid`"),
        Label::Silence => Text::word("`silence`"),
        Label::NoAgent => Text::word("`no_agent`"),
        Label::TooLong => Text::word("`too_long`"),
        Label::Failed => Text::word("`failed`"),
        Label::After => Text::word("`after`"),
        Label::Error => Text::word("`error`"),
        Label::NotFound => Text::word("`not_found`"),
        Label::Refused => Text::word("`refused`"),
        Label::Share(percent) => say!("its share of {} %", percent),
    }
}
