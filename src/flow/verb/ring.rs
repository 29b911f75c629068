//! `ring` rings agents or phones, at once or in turn; `transfer` brings the caller to a number or address outside.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::form::{BLOCK, FILE, Form, TARGET, TEMPLATE, opt};
use super::super::prompt::Speech;
use super::super::read::{Reader, StepText};
use super::super::vocabulary::{Action, CallerId, RingOrder, RingRequest, Target, TransferRequest};
use super::lawful::{Ends, Lawful, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::Node;
use crate::say;

pub(crate) const RING: Verb = Verb {
    name: "ring",
    says: "rings a list of agents or phones, at once or in turn",
    argument: Form::OneOrMore(&TARGET),
    options: &[
        opt("order", Form::Word(&["at-once", "in-turn"]), "how several are rung (at-once)"),
        opt("timeout", Form::Duration, "how long in all at once, how long each in turn (25s)"),
        opt("music", FILE, "what the caller hears meanwhile"),
        opt("failed", BLOCK, "when nobody could be reached (the flow's `error`)"),
        opt("after", BLOCK, "when the other side has hung up (the call ends)"),
    ],
    ends: Ends::Always,
    example: "- ring: [alice, 06 12 34 56 78]\n  order: in-turn\n  timeout: 20s\n  failed: messagerie",
};

pub(crate) const TRANSFER: Verb = Verb {
    name: "transfer",
    says: "bridges the caller to a number or SIP address through a trunk",
    argument: TARGET,
    options: &[
        opt(
            "caller_id",
            TEMPLATE,
            "the number shown: company, caller, anonymous, or one of yours (as the trunk's `present` says)",
        ),
        opt("timeout", Form::Duration, "how long it rings (25s)"),
        opt("music", FILE, "what the caller hears meanwhile"),
        opt("failed", BLOCK, "when nobody could be reached (the flow's `error`)"),
        opt("after", BLOCK, "when the other side has hung up (the call ends)"),
    ],
    ends: Ends::Always,
    example: "- transfer: 01 23 45 67 89\n  caller_id: company\n  failed: messagerie",
};

/// How long phones ring unless the step says otherwise.
const TIMEOUT: Duration = Duration::from_secs(25);

/// Phones that are rung for the caller.
#[derive(Debug)]
pub(crate) struct Ring {
    /// Whom, and how.
    pub(crate) request: Request,
    /// What the caller hears meanwhile; none: the queue music.
    pub(crate) music: Option<Speech>,
    /// When nobody could be brought to the caller.
    pub(crate) failed: BlockId,
    /// When the other side has hung up; none: the call ends.
    pub(crate) after: Option<BlockId>,
}

impl Lawful for Ring {
    fn ways(&self) -> Vec<Way> {
        let after = self.after.map(|to| Way::heard(Label::After, to));
        std::iter::once(Way::deaf(Label::Failed, self.failed)).chain(after).collect()
    }
    fn is_end(&self) -> bool {
        true
    }
    fn can_end_call(&self) -> bool {
        self.after.is_none()
    }
    fn speeches(&self) -> Vec<&Speech> {
        self.music.iter().collect()
    }
}

impl Drawn for Ring {
    fn kind(&self) -> Kind {
        Kind::Talk
    }
    fn lines(&self, words: &Words) -> Vec<Line> {
        vec![line(Sign::Rings, rung(self, words))]
    }
}

/// One of the two verbs.
#[derive(Debug)]
pub(crate) enum Request {
    /// `ring`
    Ring(RingRequest),
    /// `transfer`
    Transfer(TransferRequest),
}

impl Request {
    /// Whom it rings.
    pub(crate) fn targets(&self) -> &[Target] {
        match self {
            Self::Ring(request) => &request.targets,
            Self::Transfer(request) => std::slice::from_ref(&request.to),
        }
    }

    /// What the walk asks for.
    pub(crate) fn action(&self) -> Action {
        match self {
            Self::Ring(request) => Action::Ring(request.clone()),
            Self::Transfer(request) => Action::Transfer(request.clone()),
        }
    }
}

pub(super) fn ring(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Ring> {
    let nodes = reader.list(step.argument);
    let nobody = nodes.is_empty();
    let targets: Vec<Target> = nodes.into_iter().filter_map(|node| target(reader, node)).collect();
    let orders = [("at-once", RingOrder::AtOnce), ("in-turn", RingOrder::InTurn)];
    let order = reader.word_or(step, "unknown-order", "order", Text::word("order"), &orders);
    let timeout = reader.duration_or(step, "timeout", TIMEOUT);
    let music = step.option("music").and_then(|node| reader.file(node));
    let (failed, after) = (reader.failure_exit(step, "failed")?, reader.exit(step, "after"));
    if nobody {
        reader.error(
            step.argument,
            "nobody",
            Text::word("nobody is rung"),
            say!("write `{}`", "ring: [alice]"),
        );
        return None;
    }
    let request = Request::Ring(RingRequest { targets, order, timeout });
    Some(Ring { request, music, failed, after })
}

pub(super) fn transfer(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Ring> {
    let to = target(reader, step.argument);
    let caller_id = step.option("caller_id").and_then(|node| caller_id(reader, node));
    let timeout = reader.duration_or(step, "timeout", TIMEOUT);
    let music = step.option("music").and_then(|node| reader.file(node));
    let (failed, after) = (reader.failure_exit(step, "failed")?, reader.exit(step, "after"));
    let request = Request::Transfer(TransferRequest { to: to?, caller_id, timeout });
    Some(Ring { request, music, failed, after })
}

/// An agent by name, a SIP URI, or a telephone number.
fn target(reader: &mut Reader<'_>, node: &Node) -> Option<Target> {
    let text = reader.text(node)?;
    if let Some(agent) = reader.names.agents.get(text) {
        return Some(Target::Agent(agent.clone()));
    }
    if let Some(address) = text.strip_prefix("sip:") {
        if address.is_empty() || address.contains(char::is_whitespace) {
            let help = say!("write `{}`", "sip:name@host");
            reader.error(node, "sip-address", say!("`{}` is no SIP address", text), help);
            return None;
        }
        // `sip:0899…@operator` is dialled there as any number is; four digits are an extension, unless said to be a number.
        let user = address.split(['@', ';']).next().unwrap_or_default();
        let number = reader.names.numbers.normal(user);
        if let Some(number) = number.filter(|it| it.starts_with('+') || address.contains("user=phone")) {
            reader.admits(node, &number);
        }
        return Some(Target::Uri(Name::from(text)));
    }
    let numeric = text.chars().all(|c| c.is_ascii_digit() || "+ .-()".contains(c));
    if numeric && let Some(number) = reader.names.numbers.normal(text) {
        reader.admits(node, &number);
        return Some(Target::Number(Name::from(number)));
    }
    let agents = reader.names.agents.clone();
    let what = Text::word("agent, number or SIP address");
    reader.unknown(node, "unknown-target", what, agents.iter().map(Name::as_str));
    None
}

fn caller_id(reader: &mut Reader<'_>, node: &Node) -> Option<CallerId> {
    match reader.text(node)? {
        "company" => Some(CallerId::Company),
        "caller" => Some(CallerId::Caller),
        "anonymous" => Some(CallerId::Anonymous),
        other => match reader.names.numbers.normal(other) {
            Some(number) => Some(CallerId::Number(Name::from(number))),
            None => {
                let known = ["company", "caller", "anonymous"];
                reader.unknown(node, "unknown-caller-id", Text::word("caller_id"), known);
                None
            }
        },
    }
}

/// Who is rung, as a card shows it.
fn rung(ring: &Ring, words: &Words) -> String {
    let name = |target: &Target| match target {
        Target::Agent(name) | Target::Number(name) | Target::Uri(name) => name.to_string(),
    };
    let whom = ring.request.targets().iter().map(name).collect::<Vec<_>>().join(", ");
    match &ring.request {
        Request::Ring(request) if request.order == RingOrder::InTurn && request.targets.len() > 1 => {
            format!("{whom} ({})", words.in_turn)
        }
        Request::Ring(_) => whom,
        Request::Transfer(_) => format!("→ {whom}"),
    }
}
