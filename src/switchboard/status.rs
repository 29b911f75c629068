//! What `svi status` tells.

use serde::Serialize;

use super::Switchboard;
use super::call::Stage;
use crate::base::time::{Moment, Wall};
use crate::centre::agent::State;
use crate::centre::record::Phase;
use crate::sip::endpoint::TrunkState;

/// Counters since the start.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Counters {
    /// Calls that were let in.
    pub(super) calls: u64,
    /// INVITEs refused.
    pub(super) refused: u64,
    /// Calls and messages that were not let out.
    pub(super) barred: u64,
    /// Calls that `incoming:` did not let in.
    pub(super) turned: u64,
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
    /// The site's version: changes with any of its texts.
    pub(crate) site_version: String,
    /// Of the calls: those that are not answered yet.
    pub(crate) ringing: usize,
    /// Of the calls: those that are in the flow.
    pub(crate) in_flow: usize,
    /// Of the calls: those that wait in a queue, or for a telephone that rings.
    pub(crate) waiting: usize,
    /// The operator's lines.
    pub(crate) trunks: Vec<TrunkStatus>,
    /// Addresses that are not heard for their wrong passwords.
    pub(crate) bans: usize,
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
    /// Calls that `incoming:` did not let in since the start.
    pub(crate) turned_total: u64,
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

/// A trunk now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TrunkStatus {
    /// Its name.
    pub(crate) name: String,
    /// Calls that it carries.
    pub(crate) calls: usize,
    /// Our registration there; none when it has none.
    pub(crate) registration: Option<RegistrationStatus>,
}

/// A registration at an operator's now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RegistrationStatus {
    /// We are registered; false while it is tried.
    pub(crate) registered: bool,
    /// Since when it is so.
    pub(crate) since: Option<Moment>,
    /// Until when it lasts, or when it is tried again.
    pub(crate) until: Option<Moment>,
    /// Why the last try failed.
    pub(crate) error: Option<String>,
}

/// What is remembered of a registration.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) state: TrunkState,
    /// When it last changed between registered and not.
    pub(super) since: Wall,
    /// When this was told.
    pub(super) told: Wall,
    pub(super) error: Option<String>,
}

impl Known {
    /// After what was known, if anything, this is the state now.
    pub(super) fn after(before: Option<&Self>, state: &TrunkState, now: Wall) -> Self {
        let is_up = |state: &TrunkState| matches!(state, TrunkState::Registered(_));
        let same = before.filter(|known| is_up(&known.state) == is_up(state));
        let since = same.map_or(now, |known| known.since);
        let error = state.error().or_else(|| before.and_then(|known| known.error.clone()));
        Self { state: state.clone(), since, told: now, error }
    }

    /// Whether what was told last is other than before.
    pub(super) fn changed(&self) -> bool {
        self.since == self.told
    }

    fn status(&self, zone: &str) -> RegistrationStatus {
        let (TrunkState::Registered(length) | TrunkState::Failing { again: length, .. }) = &self.state;
        RegistrationStatus {
            registered: matches!(self.state, TrunkState::Registered(_)),
            since: Some(Moment::of(self.since, zone)),
            until: Some(Moment::of(self.told + *length, zone)),
            error: self.error.clone(),
        }
    }
}

/// A queue now.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct QueueStatus {
    /// Its name.
    pub(crate) name: String,
    /// Callers who wait.
    pub(crate) waiting: usize,
    /// How long the first of them has waited.
    pub(crate) longest_wait_s: u64,
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
    fn trunk_states(&self) -> Vec<TrunkStatus> {
        let common = &self.common;
        let zone = common.edition.zone();
        let trunks = common.edition.site.shared.trunks.iter();
        let status = trunks.map(|(name, line)| TrunkStatus {
            name: name.to_string(),
            calls: common.channels.get(name).copied().unwrap_or(0),
            registration: line.registration.as_ref().map(|registration| {
                let found = common.edition.address_of(&registration.registrar).is_some();
                let error = (!found).then(|| format!("no address is found for {}", registration.registrar));
                let waiting = RegistrationStatus { registered: false, since: None, until: None, error };
                let known = common.registrations.get(name).filter(|_| found);
                known.map_or(waiting, |known| known.status(&zone))
            }),
        });
        status.collect()
    }

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
                longest_wait_s: state.since.map_or(0, |since| common.now.at.since(since).as_secs()),
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
        let phases: Vec<Phase> = live.map(|(_, call)| call.watch.phase()).collect();
        let in_phase = |phase| phases.iter().filter(|it| **it == phase).count();
        Status {
            site: site.name.to_string(),
            site_version: common.edition.site.version.to_string(),
            ringing: in_phase(Phase::Ring),
            in_flow: in_phase(Phase::Flow),
            waiting: in_phase(Phase::Wait),
            trunks: self.trunk_states(),
            bans: common.endpoint.bans(common.now).len(),
            calls: phases.len(),
            callbacks: common.promised,
            talking: self.calls.iter().filter(|(_, call)| call.talk.is_some()).count(),
            calls_total: common.counters.calls,
            refused_total: common.counters.refused,
            barred_total: common.counters.barred,
            turned_total: common.counters.turned,
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
