//! Whether a call is let in, and to which flow: is the peer ours, has it a free channel, which of our numbers was
//! dialled, who calls. Pure decision; `admit.rs` acts on it.

use std::sync::Arc;

use super::edition::Edition;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Date, Now};
use crate::centre::caller::{self, Caller};
use crate::centre::number;
use crate::centre::trunk::Trunk;
use crate::config::site::Line;
use crate::flow::graph::Flow;
use crate::flow::vocabulary::CallFacts;
use crate::sip::endpoint::{Invited, Refusal};

/// A call that is let in.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) trunk: Name,
    pub(super) flow: Arc<Flow>,
    pub(super) facts: CallFacts,
    pub(super) caller: Caller,
    /// The day in the site's zone.
    pub(super) today: Option<Date>,
}

/// A call that is not, and why.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) why: &'static str,
    /// Set when it is none of a peer: then nothing of it is kept.
    pub(super) stranger: Option<Stranger>,
}

/// How one is refused who is no peer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Stranger {
    /// It may be an agent's phone, which must prove itself.
    Challenged,
    /// The site has no agents' phones.
    ShutOut,
}

/// Name that stands in the record for a call by an agent's own phone.
pub(super) const INTERNAL: &str = "agents";

/// Decides. `has_room` says whether a trunk has a free channel.
pub(super) fn route(
    now: Now,
    edition: &Edition,
    invited: &Invited,
    has_room: impl Fn(&Trunk) -> bool,
) -> Result<Route, Refused> {
    let site = &edition.site;
    let peer = edition.trunk_of_call(invited);
    let (trunk_name, trunk) = match (peer, &invited.account) {
        (Some((name, line)), _) => (name.clone(), Some(&line.trunk)),
        (None, Some(_)) => (Name::from(INTERNAL), None),
        (None, None) => {
            let phones = site.shared.agents.values().any(|agent| agent.account.is_some());
            let stranger = if phones { Stranger::Challenged } else { Stranger::ShutOut };
            return Err(Refused { stranger: Some(stranger), ..refused(403, "not a peer") });
        }
    };
    if trunk.is_some_and(|trunk| !has_room(trunk)) {
        return Err(refused(486, "all channels of the trunk are in use"));
    }
    let served =
        called(trunk, invited).into_iter().find_map(|number| site.numbers.get_key_value(number.as_str()));
    let Some((number, flow)) = served else { return Err(refused(404, "number not served")) };
    let caller = calling(trunk, invited);
    let today = now.wall.civil(&edition.zone()).map(|civil| civil.date);
    let facts = CallFacts {
        caller: caller.number.clone(),
        caller_name: caller.display.clone().map(Pii::new),
        caller_mobile: caller.is_mobile(),
        caller_country: caller.country().map(Name::from),
        free: number::is_free(number),
        campaign: today.and_then(|today| site.shared.campaign(number, today)).cloned(),
        number: number.clone(),
        reference: String::new(),
        chance: 0,
    };
    Ok(Route { trunk: trunk_name, flow: Arc::clone(flow), facts, caller, today })
}

/// The numbers that a call can be for, in normal form, the likeliest first.
pub(super) fn called(trunk: Option<&Trunk>, invited: &Invited) -> Vec<String> {
    let order = trunk.map_or(caller::CALLED_ORDER.as_slice(), |trunk| &trunk.called_number);
    caller::candidates(order, &invited.request_uri, &invited.diversion, &invited.history, &invited.to)
}

/// Who calls, as far as a trunk is believed.
pub(super) fn calling(trunk: Option<&Trunk>, invited: &Invited) -> Caller {
    caller::caller(
        trunk.is_some_and(|trunk| trunk.trusted),
        &invited.asserted,
        &invited.from,
        &invited.remote_party,
        invited.privacy.as_deref(),
    )
}

impl Edition {
    /// The trunk that brings a call.
    pub(super) fn trunk_of_call(&self, invited: &Invited) -> Option<(&Name, &Line)> {
        self.trunk_of(invited.remote?.ip(), user_of(&invited.request_uri))
    }
}

/// The user of a SIP address: `moi` of `sip:moi@192.0.2.1;transport=udp`.
fn user_of(uri: &str) -> Option<&str> {
    let (user, _) = uri.split_once(':')?.1.split_once('@')?;
    user.split([':', ';']).next()
}

fn refused(status: u16, why: &'static str) -> Refused {
    Refused { refusal: Refusal { status, retry_after: None }, why, stranger: None }
}
