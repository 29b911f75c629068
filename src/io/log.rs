//! What the driver writes into the log: events of the switchboard, callers masked (law 7).

use crate::switchboard::{Event, Input};

/// An input in one line of the log, without a body or a number in clear.
pub(super) struct Brief<'a>(pub(super) &'a Input);

impl std::fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Input::Sip(datagram) => {
                write!(f, "{} octets of SIP from {}", datagram.bytes.len(), datagram.remote)
            }
            Input::Order(_) => write!(f, "an order"),
            // A key may be a digit of a PIN.
            Input::Media(event) => write!(f, "the data plane, about {:?}", event.session()),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What observers were told, as a line.
pub(super) fn event(event: &Event) {
    match event {
        Event::CallBegan { call, caller, number, flow } => {
            let caller = caller.as_ref().map_or_else(|| "secret".to_owned(), ToString::to_string);
            tracing::info!(%call, %caller, %number, %flow, "call");
        }
        // Strangers are many and may flood the log; what a peer of ours sends in vain, its operator must see.
        Event::CallRefused { status, why: why @ "not a peer" } => tracing::debug!(status, why, "refused"),
        Event::CallRefused { status, why } => tracing::warn!(status, why, "a call was refused"),
        Event::Block { call, block } => tracing::debug!(%call, %block, "block"),
        Event::Connected { call, with } => tracing::info!(%call, %with, "connected"),
        Event::Business { call, event, .. } => tracing::info!(%call, %event, "business event"),
        Event::CallbackPromised { call, queue } => tracing::info!(%call, %queue, "call back promised"),
        Event::CallEnded { call, why } => tracing::info!(%call, %why, "call ended"),
        Event::AgentReachable(agent, true) => tracing::info!(%agent, "agent reachable"),
        Event::AgentReachable(agent, false) => tracing::info!(%agent, "agent not reachable"),
        Event::Trunk(trunk, state) => tracing::info!(%trunk, ?state, "trunk"),
        Event::Alarm(what) => tracing::error!(%what, "alarm"),
    }
}
