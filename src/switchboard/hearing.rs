//! Who hears whom: a policy, and the one place where it stands. After each piece of work on a call it is worked out anew
//! from the state of the call, and what has changed is told to the data plane, which knows sources and no bridges.
//!
//! Caller and talk hear each other. Who is transferred outside hears what the far network says before the answer (RFC 3960).
//! On hold the caller hears the music of the queue; an agent whose caller holds hears silence.

use serde::{Deserialize, Serialize};

use super::call::{Call, Effort};
use super::common::Common;
use super::leg::{Leg, LegKey, Role, State};
use crate::base::name::Name;
use crate::flow::system::MUSIC;
use crate::media::vocabulary::{Gain, MediaCommand, SessionId, Source};

/// What a leg hears of others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hearing {
    /// Whom.
    sources: Vec<SessionId>,
    /// The sound that goes out while none of them may speak.
    meanwhile: Option<Name>,
}

impl Call {
    /// Tells the data plane what has changed.
    pub(super) fn arrange(&mut self, common: &mut Common) {
        if self.legs.len() < 2 && self.legs.iter().all(|(_, leg)| leg.hearing.sources.is_empty()) {
            return;
        }
        let wanted: Vec<(LegKey, Hearing)> = self
            .legs
            .iter()
            .filter(|(_, leg)| leg.is_alive())
            .map(|(key, leg)| (key, self.hearing_of(key, leg)))
            .collect();
        for (key, hearing) in wanted {
            let library = &self.edition.library;
            let Some(leg) = self.legs.get_mut(key).filter(|leg| leg.hearing != hearing) else { continue };
            let sources =
                hearing.sources.iter().map(|session| Source { session: *session, gain: Gain::UNITY });
            common.media(MediaCommand::Hear {
                session: leg.line.session,
                sources: sources.collect(),
                meanwhile: hearing.meanwhile.as_ref().and_then(|key| library.sound(key)).cloned(),
            });
            leg.hearing = hearing;
        }
    }

    fn hearing_of(&self, key: LegKey, leg: &Leg) -> Hearing {
        let Some((caller, _)) = self.caller() else { return Hearing::default() };
        let other = match (self.talk.or_else(|| self.early()), leg.role.party()) {
            (Some(party), None) => Some(party),
            (Some(party), Some(_)) if party == key => Some(caller),
            (Some(_) | None, _) => None,
        };
        let Some(other) = other.and_then(|key| self.legs.get(key)).filter(|leg| leg.is_alive()) else {
            return Hearing::default();
        };
        let meanwhile = (key == caller).then(|| self.hold_music());
        Hearing { sources: vec![other.line.session], meanwhile }
    }

    /// Who is being called outside, and can be heard already.
    fn early(&self) -> Option<LegKey> {
        if self.effort != Effort::Transfer {
            return None;
        }
        let heard = |leg: &Leg| {
            matches!(leg.role, Role::Outside(_))
                && matches!(&leg.state, State::Calling(calling) if calling.early.is_some())
        };
        self.legs.iter().find(|(_, leg)| heard(leg)).map(|(key, _)| key)
    }

    /// The music of the queue that the caller came through, or the site's.
    fn hold_music(&self) -> Name {
        let queue = self.record.queue.as_deref().filter(|_| self.effort == Effort::Queue);
        let own = queue.and_then(|queue| self.edition.queue_facts(queue).music);
        own.unwrap_or_else(|| Name::from(MUSIC))
    }
}
