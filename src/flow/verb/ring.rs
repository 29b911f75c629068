//! `ring` rings agents or phones, at once or in turn; `transfer` brings the caller to a number or address outside.

use super::super::graph::BlockId;
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::vocabulary::{Action, CallerId, RingOrder, RingRequest, Target, TransferRequest};
use super::Step;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;

/// How long phones ring unless the step says otherwise.
const TIMEOUT: Duration = Duration::from_secs(25);

/// Phones that are rung for the caller.
#[derive(Debug)]
pub struct Ring {
    /// Whom, and how.
    pub request: Request,
    /// What the caller hears meanwhile; none: the queue music.
    pub music: Option<Speech>,
    /// When nobody could be brought to the caller.
    pub failed: BlockId,
}

/// One of the two verbs.
#[derive(Debug)]
pub enum Request {
    /// `ring`
    Ring(RingRequest),
    /// `transfer`
    Transfer(TransferRequest),
}

impl Request {
    /// Whom it rings.
    pub fn targets(&self) -> &[Target] {
        match self {
            Self::Ring(request) => &request.targets,
            Self::Transfer(request) => std::slice::from_ref(&request.to),
        }
    }

    /// What the walk asks for.
    pub fn action(&self) -> Action {
        match self {
            Self::Ring(request) => Action::Ring(request.clone()),
            Self::Transfer(request) => Action::Transfer(request.clone()),
        }
    }
}

pub(crate) fn ring(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let nodes = reader.list(step.argument);
    let nobody = nodes.is_empty();
    let targets: Vec<Target> = nodes.into_iter().filter_map(|node| target(reader, node)).collect();
    let order = match step.option("order").map(|node| (node, node.text())) {
        None | Some((_, Some("at-once"))) => RingOrder::AtOnce,
        Some((_, Some("in-turn"))) => RingOrder::InTurn,
        Some((node, _)) => {
            reader.unknown(node, "unknown-order", "order", ["at-once", "in-turn"]);
            RingOrder::AtOnce
        }
    };
    let timeout = reader.duration_or(step, "timeout", TIMEOUT);
    let music = step.option("music").and_then(|node| reader.file(node));
    let failed = reader.failure_exit(step, "failed")?;
    if nobody {
        reader.error(step.argument, "nobody", "nobody is rung", "write `ring: [alice]`");
        return None;
    }
    Some(Step::Ring(Ring { request: Request::Ring(RingRequest { targets, order, timeout }), music, failed }))
}

pub(crate) fn transfer(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Step> {
    let to = target(reader, step.argument);
    let caller_id = step.option("caller_id").and_then(|node| caller_id(reader, node)).unwrap_or_default();
    let timeout = reader.duration_or(step, "timeout", TIMEOUT);
    let music = step.option("music").and_then(|node| reader.file(node));
    let failed = reader.failure_exit(step, "failed")?;
    let request = Request::Transfer(TransferRequest { to: to?, caller_id, timeout });
    Some(Step::Ring(Ring { request, music, failed }))
}

/// An agent by name, a SIP URI, or a telephone number.
fn target(reader: &mut Reader<'_>, node: &Node) -> Option<Target> {
    let text = reader.text(node)?;
    if let Some(agent) = reader.names.agents.get(text) {
        return Some(Target::Agent(agent.clone()));
    }
    if let Some(address) = text.strip_prefix("sip:") {
        if address.is_empty() || address.contains(char::is_whitespace) {
            reader.error(node, "sip-address", format!("`{text}` is no SIP address"), "write `sip:name@host`");
            return None;
        }
        return Some(Target::Uri(Name::from(text)));
    }
    let numeric = text.chars().all(|c| c.is_ascii_digit() || "+ .-()".contains(c));
    if numeric && let Some(number) = (reader.names.normalise)(text) {
        return Some(Target::Number(Name::from(number)));
    }
    let agents = reader.names.agents.clone();
    reader.unknown(node, "unknown-target", "agent, number or SIP address", agents.iter().map(Name::as_str));
    None
}

fn caller_id(reader: &mut Reader<'_>, node: &Node) -> Option<CallerId> {
    match reader.text(node)? {
        "company" => Some(CallerId::Company),
        "caller" => Some(CallerId::Caller),
        "anonymous" => Some(CallerId::Anonymous),
        other => match (reader.names.normalise)(other) {
            Some(number) => Some(CallerId::Number(Name::from(number))),
            None => {
                reader.unknown(node, "unknown-caller-id", "caller_id", ["company", "caller", "anonymous"]);
                None
            }
        },
    }
}
