//! What a record says of each telephone that was rung for its call.

use serde::{Deserialize, Serialize};

use super::record::{EndedBy, MediaReport};
use crate::base::name::Name;
use crate::base::pii::Pii;

/// A telephone that was rung, or should have been.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegRecord {
    /// The agent; none of a number or address outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Name>,
    /// The queue that rang it; none: a step of the flow did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Name>,
    /// The number or address that was called.
    pub(crate) to: Pii<String>,
    /// The trunk that it left by; none of a registered phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trunk: Option<Name>,
    /// When it was called, after the call began.
    pub(crate) after_ms: u64,
    /// How long until it answered, or until it was over.
    pub(crate) ring_ms: u64,
    /// Its final SIP status; none when it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The words of that status, when it was a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phrase: Option<String>,
    /// Its Reason (RFC 3326): of the refusal, or of its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its Warning (RFC 3261 §20.43).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// How it went.
    pub outcome: LegOutcome,
    /// How long it talked, or waited for the key that accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_ms: Option<u64>,
    /// How much of that the caller was on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_ms: Option<u64>,
    /// Who ended it, of those that answered: `caller`, or `agent` for whoever was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<EndedBy>,
    /// What it costs, in millionths of a euro; none of a phone that is registered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_micros: Option<u64>,
    /// What its media was like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaReport>,
}

/// How a telephone that was rung took it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegOutcome {
    /// It rings.
    #[default]
    Ringing,
    /// It answered.
    Answered,
    /// It is busy, or has declined: 486, 600, 603.
    Busy,
    /// It was not answered in time.
    NoAnswer,
    /// It, or the network before it, has refused the call.
    Refused,
    /// Nothing came back, or it could not be sent.
    Unreachable,
    /// Another telephone has taken the call.
    Elsewhere,
    /// The caller had hung up, or the flow went on.
    GivenUp,
    /// No phone of the agent is registered, or no trunk leads there: nothing was sent.
    NoWay,
    /// Its number may not be called, or a cap is reached (`outgoing:`): nothing was sent.
    Barred,
    /// No RTP port was free: nothing was sent.
    NoPort,
}

impl LegOutcome {
    /// As records have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Elsewhere => "elsewhere",
            Self::GivenUp => "given-up",
            Self::NoWay => "no-way",
            Self::Barred => "barred",
            Self::NoPort => "no-port",
        }
    }
}
