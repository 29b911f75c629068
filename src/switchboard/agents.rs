//! Which agents can be rung: those whose phone is registered, and those who have a telephone number.

use super::Switchboard;
use super::call::CallKey;
use super::event::Event;
use crate::base::name::Name;
use crate::base::time::Now;
use crate::flow::vocabulary::{Event as FlowEvent, QueueNews};

impl Switchboard {
    /// An account's contacts changed: its agent can be rung, or no longer.
    pub(super) fn on_bound(&mut self, now: Now, account: &Name, reachable: bool) {
        let agents = self.edition.site.shared.agents.iter();
        let named =
            agents.filter(|(_, agent)| agent.account.as_ref().is_some_and(|known| known.user == *account));
        let changed: Vec<Name> = named.map(|(name, _)| name.clone()).collect();
        for name in changed {
            self.floor.available(now.at, &name, reachable);
            self.event(Event::AgentReachable(name, reachable));
        }
    }

    /// After a reload: agents may have come, gone, or changed their phone.
    pub(super) fn reconfigure_floor(&mut self, now: Now) {
        let edition = std::sync::Arc::clone(&self.edition);
        let gone = self.floor.configure(now.at, &edition.site.shared.centre());
        for caller in gone.callers {
            let key = CallKey::from_number(caller.0);
            self.cancel_effort(now, key);
            self.pending.push_back((key, FlowEvent::Queue(QueueNews::NoAgent)));
        }
        self.refresh_agents(now);
    }

    fn refresh_agents(&mut self, now: Now) {
        let agents = self.edition.site.shared.agents.iter();
        let known: Vec<(Name, bool)> = agents
            .map(|(name, agent)| {
                let registered = agent
                    .account
                    .as_ref()
                    .is_some_and(|account| !self.endpoint.bindings(&account.user).is_empty());
                (name.clone(), registered)
            })
            .collect();
        for (name, available) in known {
            self.floor.available(now.at, &name, available);
        }
    }
}
