//! Who hears whom, as far as a bridge goes: two sessions that hear each other, and nobody else.

use std::sync::Arc;

use super::Switchboard;
use crate::audio::sound::Sound;
use crate::media::vocabulary::{Gain, MediaCommand, SessionId, Source};

impl Switchboard {
    /// Joins two sessions: each hears the other, and nothing that played on either.
    pub(super) fn join(&mut self, one: SessionId, other: SessionId) {
        for (session, heard) in [(one, other), (other, one)] {
            self.media(MediaCommand::Stop(session));
            self.hear(session, vec![Source { session: heard, gain: Gain::UNITY }], None);
        }
    }

    /// Parts two sessions; one that is closed does not mind.
    pub(super) fn part(&mut self, one: SessionId, other: SessionId) {
        for session in [one, other] {
            self.hear(session, Vec::new(), None);
        }
    }

    fn hear(&mut self, session: SessionId, sources: Vec<Source>, meanwhile: Option<Arc<Sound>>) {
        self.media(MediaCommand::Hear { session, sources, meanwhile });
    }
}
