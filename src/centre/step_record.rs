//! What a record says of each block that the caller came through, and how that is noted while the call goes on.

use serde::{Deserialize, Serialize};

use super::record::{CallRecord, Clocks, Phase, TRACES_MAX};
use super::visit_record::{VisitEnd, VisitRecord};
use crate::base::name::Name;

/// A block that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// The flow, when it is not the one of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Name>,
    /// Which block.
    pub block: Name,
    /// When it was entered, after the call began.
    pub after_ms: u64,
    /// How long it lasted.
    pub ms: u64,
    /// How it was left.
    pub left: StepEnd,
    /// The key, the exit's name, or the block that was gone to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Name>,
    /// Silences in it: a question that got no key in time.
    #[serde(default, skip_serializing_if = "super::record::is_zero")]
    pub silences: u32,
    /// Keys in it that lead nowhere.
    #[serde(default, skip_serializing_if = "super::record::is_zero")]
    pub wrong_keys: u32,
}

impl StepRecord {
    /// A block that was entered just now.
    pub(crate) const fn entered(block: Name, after_ms: u64) -> Self {
        Self {
            flow: None,
            block,
            after_ms,
            ms: 0,
            left: StepEnd::HungUp,
            by: None,
            silences: 0,
            wrong_keys: 0,
        }
    }
}

/// How a block was left.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepEnd {
    /// The caller, the line or we ended the call while it was there.
    #[default]
    HungUp,
    /// By a key of a menu.
    Key,
    /// By silence, once too often.
    Silence,
    /// By wrong keys, once too often.
    WrongKey,
    /// By an exit of a step, by its name: `closed`, `no-answer`.
    Exit,
    /// By `goto`, or because the next block follows.
    Goto,
    /// The flow ended the call there.
    End,
}

impl CallRecord {
    /// A block was entered, so long after the call began.
    pub(crate) fn block(&mut self, block: Name, after_ms: u64) {
        self.left(StepEnd::Goto, None, after_ms);
        if let Some(step) = self.steps.last_mut().filter(|step| step.left == StepEnd::Goto) {
            step.by = Some(block.clone());
        }
        if self.path.len() < TRACES_MAX {
            self.path.push(block.clone());
            self.steps.push(StepRecord::entered(block, after_ms));
        }
    }

    /// The block that the caller is in was left.
    pub(crate) fn left(&mut self, end: StepEnd, by: Option<Name>, after_ms: u64) {
        if let Some(step) = self.open_step() {
            step.ms = after_ms.saturating_sub(step.after_ms);
            (step.left, step.by) = (end, by);
        }
    }

    /// The call is over; `by_flow`: because the flow said so.
    pub(crate) fn close_steps(&mut self, after_ms: u64, by_flow: bool) {
        let end = if by_flow { StepEnd::End } else { StepEnd::HungUp };
        self.left(end, None, after_ms);
    }

    /// The server was cut off in this phase: what was under way ended then.
    pub(crate) fn cut_off(&mut self, phase: Phase) {
        let Clocks { ring_ms, flow_ms, wait_ms, talk_ms } = self.clocks;
        let now = ring_ms + flow_ms + wait_ms + talk_ms;
        self.close_steps(now, false);
        if let Some(visit) = self.visits.last_mut().filter(|_| phase == Phase::Wait) {
            visit.wait_ms = now.saturating_sub(visit.after_ms);
            visit.left = VisitEnd::Ended;
        }
    }

    /// A question got no key in time.
    pub(crate) fn silence(&mut self) {
        if let Some(step) = self.open_step() {
            step.silences = step.silences.saturating_add(1);
        }
    }

    /// A key that leads nowhere.
    pub(crate) fn wrong_key(&mut self) {
        if let Some(step) = self.open_step() {
            step.wrong_keys = step.wrong_keys.saturating_add(1);
        }
    }

    /// The block that was not left yet.
    fn open_step(&mut self) -> Option<&mut StepRecord> {
        self.steps.last_mut().filter(|step| step.left == StepEnd::HungUp)
    }

    /// A queue was entered. False: the record is full.
    pub(crate) fn visit(&mut self, visit: VisitRecord) -> bool {
        let fits = self.visits.len() < TRACES_MAX;
        if fits {
            self.visits.push(visit);
        }
        fits
    }
}
