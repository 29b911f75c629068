//! Which agents can be rung: those whose phone is registered, and those who have a telephone number.

use super::Switchboard;
use super::call::CallKey;
use super::common::{Common, Pending};
use super::event::Event;
use crate::base::name::Name;

impl Switchboard {
    /// An account's contacts changed: its agent can be rung, or no longer.
    pub(super) fn on_bound(&mut self, account: &Name, reachable: bool) {
        let Common { edition, floor, now, .. } = &mut self.common;
        let agents = edition.site.shared.agents.iter();
        let named =
            agents.filter(|(_, agent)| agent.account.as_ref().is_some_and(|known| known.user == *account));
        let changed: Vec<Name> = named.map(|(name, _)| name.clone()).collect();
        for name in &changed {
            floor.available(now.at, name, reachable);
        }
        for name in changed {
            self.common.event(Event::AgentReachable(name, reachable));
        }
    }

    /// After a reload: agents may have come, gone, or changed their phone.
    pub(super) fn reconfigure_floor(&mut self) {
        let Common { edition, floor, now, .. } = &mut self.common;
        let gone = floor.configure(now.at, &edition.site.shared.centre());
        let dropped = gone.callers.into_iter();
        let dropped = dropped.map(|caller| (CallKey::from_number(caller.0), Pending::Dropped));
        self.common.pending.extend(dropped);
        self.refresh_agents();
    }

    fn refresh_agents(&mut self) {
        let Common { edition, floor, endpoint, now, .. } = &mut self.common;
        for (name, agent) in &edition.site.shared.agents {
            let account = agent.account.as_ref();
            let registered = account.is_some_and(|account| !endpoint.bindings(&account.user).is_empty());
            floor.available(now.at, name, registered);
        }
    }
}
