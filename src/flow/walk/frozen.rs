//! A walk written down as one value, and read back: for calls that outlive the process that began them.
//!
//! Flows and blocks stand in it by their names, so that a reader sees where the call is; nothing in it is an address or an
//! index. It is personal data as the record of a call is, and more: it holds what the caller typed, secrets too, for the call
//! goes on with them. Who writes one to a disk keeps it as such, and deletes it when the call is over. Moments in it are those
//! of the monotonic clock that the walk lived by: who reads it back goes on with the same clock.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::course::Walk;
use super::state::State;
use super::visit::{Frame, Place};
use crate::base::name::Name;
use crate::flow::block::BlockId;
use crate::flow::graph::Flow;
use crate::flow::turn::{Memory, Scope};
use crate::flow::value::Value;
use crate::flow::verb::Step;

/// See the module.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FrozenWalk {
    /// Where it stands.
    at: FrozenFrame,
    /// The flows that have called this one, the first one first.
    callers: Vec<FrozenFrame>,
    state: State,
    memory: Memory,
    steps: usize,
}

/// A place in a flow, and what is known there.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct FrozenFrame {
    flow: Name,
    /// Of the flow: in another one the place means something else.
    version: Name,
    block: Name,
    step: usize,
    variables: BTreeMap<Name, Value>,
    /// Variables that an answer did not bring, with the block that their want leads to.
    missing: BTreeMap<Name, Name>,
    secrets: BTreeSet<Name>,
}

/// Where it stands; not what its caller said.
impl fmt::Debug for FrozenWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FrozenFrame { flow, version, block, step, .. } = &self.at;
        write!(f, "FrozenWalk({flow} {version}, {block} step {step}, {} callers)", self.callers.len())
    }
}

impl Walk {
    /// All of it, to be written down.
    pub(crate) fn freeze(&self) -> FrozenWalk {
        FrozenWalk {
            at: FrozenFrame::of(&self.flow, self.place, &self.scope),
            callers: self
                .callers
                .iter()
                .map(|caller| FrozenFrame::of(&caller.flow, caller.place, &caller.scope))
                .collect(),
            state: self.state.clone(),
            memory: self.memory.clone(),
            steps: self.steps,
        }
    }
}

impl FrozenWalk {
    /// The walk of a promised call back, also when the site has changed since: as long as a call back is offered where it
    /// was, under the same names, it goes on from there. None otherwise.
    pub(crate) fn thaw_promise(mut self, find: &dyn Fn(&str) -> Option<Arc<Flow>>) -> Option<Walk> {
        let frames = std::iter::once(&mut self.at).chain(&mut self.callers);
        for frame in frames {
            frame.version = find(&frame.flow)?.version.clone();
        }
        let walk = self.thaw(find)?;
        let step = walk.flow.block(walk.place.block).steps.get(walk.place.step)?;
        matches!(step, Step::Callback(_)).then_some(walk)
    }

    /// The walk again. `find` finds a flow by its name. None when a flow is not there, or not in the version that was walked.
    pub(crate) fn thaw(self, find: &dyn Fn(&str) -> Option<Arc<Flow>>) -> Option<Walk> {
        let Frame { flow, place, scope } = self.at.thaw(find)?;
        let callers = self.callers.into_iter().map(|caller| caller.thaw(find)).collect::<Option<_>>()?;
        let Self { state, memory, steps, .. } = self;
        Some(Walk { flow, place, scope, callers, state, memory, steps })
    }
}

impl FrozenFrame {
    fn of(flow: &Flow, place: Place, scope: &Scope) -> Self {
        let name = |block: &BlockId| flow.block(*block).name.clone();
        Self {
            flow: flow.name.clone(),
            version: flow.version.clone(),
            block: name(&place.block),
            step: place.step,
            variables: scope.variables.clone(),
            missing: scope.missing.iter().map(|(it, block)| (it.clone(), name(block))).collect(),
            secrets: scope.secrets.clone(),
        }
    }

    fn thaw(self, find: &dyn Fn(&str) -> Option<Arc<Flow>>) -> Option<Frame> {
        let flow = find(&self.flow).filter(|flow| flow.version == self.version)?;
        let block = |name: &Name| flow.blocks().find(|(_, block)| block.name == *name).map(|(id, _)| id);
        let place = Place { block: block(&self.block)?, step: self.step };
        let missing = self.missing.into_iter().map(|(it, name)| Some((it, block(&name)?)));
        let scope = Scope {
            missing: missing.collect::<Option<_>>()?,
            variables: self.variables,
            secrets: self.secrets,
        };
        Some(Frame { flow, place, scope })
    }
}
