//! What `svi status` tells.

use serde::Serialize;

use super::Switchboard;
use super::call::Stage;
use crate::centre::agent::State;

/// Counters since the start.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Counters {
    /// Calls that were let in.
    pub(super) calls: u64,
    /// INVITEs refused.
    pub(super) refused: u64,
    /// Calls and messages that were not let out.
    pub(super) barred: u64,
    /// Records written.
    pub(super) records: u64,
    /// Legs that went quiet for 5 s.
    pub(super) quiet: u64,
}

/// A moment of the switchboard.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The site's name.
    pub(crate) site: String,
    /// Calls in progress.
    pub calls: usize,
    /// Call backs that were promised and wait to be made.
    pub callbacks: usize,
    /// Of these, in a talk with somebody.
    pub(crate) talking: usize,
    /// Calls let in since the start.
    pub(crate) calls_total: u64,
    /// INVITEs refused since the start.
    pub(crate) refused_total: u64,
    /// Calls and messages that `outgoing:` did not let out since the start.
    pub(crate) barred_total: u64,
    /// Call records written since the start.
    pub(crate) records_total: u64,
    /// No new calls are let in.
    pub(crate) draining: bool,
    /// RTP ports not in use.
    pub ports_free: usize,
    /// How often a leg went quiet for 2 s since the start.
    pub(crate) quiet_total: u64,
    /// What the SIP endpoint has counted since the start.
    pub(crate) sip: crate::sip::observe::Counters,
    /// The queues.
    pub(crate) queues: Vec<QueueStatus>,
    /// The agents.
    pub(crate) agents: Vec<AgentStatus>,
}

/// A queue now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct QueueStatus {
    /// Its name.
    pub(crate) name: String,
    /// Callers who wait.
    pub(crate) waiting: usize,
    /// Agents logged in.
    pub(crate) agents: usize,
    /// Callers brought to an agent since the start.
    pub(crate) served: u64,
    /// Of these, within the time of the target.
    pub(crate) served_in_target: u64,
    /// The service level aimed at, in percent...
    pub(crate) target_percent: u8,
    /// ...within so many seconds.
    pub(crate) target_s: u64,
}

/// An agent now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AgentStatus {
    /// Its name.
    pub(crate) name: String,
    /// As people know them.
    pub(crate) title: String,
    /// `offline`, `idle`, `ringing`, `talking`, `wrap-up`, `paused`.
    pub(crate) state: &'static str,
}

fn state_word(state: &State) -> &'static str {
    match state {
        State::Offline => "offline",
        State::Idle => "idle",
        State::Ringing { .. } => "ringing",
        State::Talking { .. } => "talking",
        State::WrapUp { .. } => "wrap-up",
        State::Paused => "paused",
    }
}

impl Switchboard {
    /// A picture of this moment.
    pub fn status(&self) -> Status {
        let common = &self.common;
        let site = &common.edition.site.shared;
        let live = self
            .calls
            .iter()
            .filter(|(_, call)| matches!(call.stage, Stage::Live(_) | Stage::CallingBack(..)));
        let queues = common.floor.queue_states().filter_map(|(name, state)| {
            let queue = site.queues.get(name)?;
            Some(QueueStatus {
                name: name.to_string(),
                waiting: state.waiting,
                agents: state.agents,
                served: state.counts.served,
                served_in_target: state.counts.served_in_target,
                target_percent: queue.target_percent,
                target_s: queue.rules.target.as_secs(),
            })
        });
        let agents = site.agents.iter().map(|(name, agent)| AgentStatus {
            name: name.to_string(),
            title: agent.title.clone(),
            state: common.floor.agent(name).map_or("offline", state_word),
        });
        Status {
            site: site.name.to_string(),
            calls: live.count(),
            callbacks: common.promised,
            talking: self.calls.iter().filter(|(_, call)| call.talk.is_some()).count(),
            calls_total: common.counters.calls,
            refused_total: common.counters.refused,
            barred_total: common.counters.barred,
            records_total: common.counters.records,
            draining: common.draining,
            ports_free: common.ports.free_len(),
            quiet_total: common.counters.quiet,
            sip: common.endpoint.counters(),
            queues: queues.collect(),
            agents: agents.collect(),
        }
    }
}
