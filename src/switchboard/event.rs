//! What observers may want to know: the log, the dashboard, the tests.

use std::net::SocketAddr;

use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::centre::leg_record::LegRecord;
use crate::sip::endpoint::{TrunkState, Turned, WrongPassword};

/// Something happened. Numbers of callers print masked.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A call came in and has a flow.
    CallBegan {
        /// Its record's id.
        call: Name,
        /// Who.
        caller: Option<Pii<String>>,
        /// The number dialled.
        number: String,
        /// The flow.
        flow: Name,
    },
    /// It was refused, with this status, for this reason.
    CallRefused {
        /// The SIP status.
        status: u16,
        /// Why.
        why: &'static str,
        /// Where it came from.
        remote: Option<SocketAddr>,
        /// The number or name that was called, as it came.
        called: String,
        /// Who called, as their INVITE says.
        caller: Pii<String>,
        /// A peer of ours sent it: its operator must see it.
        peer: bool,
    },
    /// The endpoint refused an INVITE or REGISTER by itself.
    Turned(Box<Turned>),
    /// A digest was wrong; perhaps its sender is not heard any more.
    WrongPassword(Box<WrongPassword>),
    /// A block was entered.
    Block {
        /// The call's record's id.
        call: Name,
        /// The block.
        block: Name,
    },
    /// An agent and a caller talk.
    Connected {
        /// The call's record's id.
        call: Name,
        /// Who was reached.
        with: Name,
    },
    /// Who talked to the caller does so no more, and not by our doing.
    Parted {
        /// The call's record's id.
        call: Name,
        /// Who it was.
        who: Name,
        /// Why, when they have not hung up.
        lost: Option<&'static str>,
    },
    /// It is known how a telephone that was rung has taken it.
    Leg {
        /// The call's record's id.
        call: Name,
        /// What its record says of it.
        leg: Box<LegRecord>,
    },
    /// The flow reported a business event.
    Business {
        /// The call's record's id.
        call: Name,
        /// The event.
        event: Name,
        /// What belongs to it.
        fields: Vec<(Name, String)>,
    },
    /// A caller was promised a call back.
    CallbackPromised {
        /// The call's record's id.
        call: Name,
        /// In which queue the place is kept.
        queue: Name,
    },
    /// A call ended.
    CallEnded {
        /// Its record's id.
        call: Name,
        /// By whom and why.
        why: String,
    },
    /// An agent's phone registered, or no longer is.
    AgentReachable(Name, bool),
    /// News of our registration at an operator.
    Trunk {
        /// Its name.
        trunk: Name,
        /// What it is now.
        state: TrunkState,
        /// It was registered and is not any more, or the other way round, or nothing was known of it.
        changed: bool,
    },
    /// Something is wrong that the operator should hear of.
    Alarm(Text),
}
