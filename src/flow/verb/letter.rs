//! `sms` and `email` tell somebody, beside the call: they are sent, and sent again, while the call goes on.

use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{Kind, Line, Sign};
use super::super::draw::words::Words;
use super::super::errand::Letter as Sent;
use super::super::form::{Form, RECIPIENT, TEMPLATE, VARIABLE, need, opt};
use super::super::numbers::Numbers;
use super::super::read::{Reader, StepText};
use super::super::reading::Reading;
use super::super::speech::Format;
use super::super::template::{Place, Template};
use super::super::value::{Path, Value};
use super::lawful::{Ends, Lawful, Verb};
use crate::base::diagnostic::Text;
use crate::base::name::Name;
use crate::base::yaml::Node;
use crate::say;

pub(crate) const SMS: Verb = Verb {
    name: "sms",
    says: "sends a text message, to the caller unless `to` says otherwise; not to a secret number",
    argument: TEMPLATE,
    options: &[opt("to", TEMPLATE, "a number, an agent, or a variable in braces (the caller)")],
    ends: Ends::Never,
    example: "- sms: Votre réclamation {call.ref} est enregistrée.",
};

pub(crate) const EMAIL: Verb = Verb {
    name: "email",
    says: "sends an e-mail",
    argument: TEMPLATE,
    options: &[
        need(
            "to",
            Form::OneOrMore(&RECIPIENT),
            "an address, or a mailbox of the site: its addresses; one or a list",
        ),
        opt("subject", TEMPLATE, "the subject (the flow's name and the call's reference)"),
        opt("attach", VARIABLE, "a recording made by `record`"),
    ],
    ends: Ends::Never,
    example: "- email: Rappeler le {caller|phone} au sujet de la commande {commande}.\n  to: sav\n  subject: Demande de rappel",
};

/// A letter in the making.
#[derive(Debug)]
pub(crate) enum Letter {
    /// `sms`
    Sms {
        /// To whom; none: the caller.
        to: Option<Template>,
        /// What it says.
        text: Template,
    },
    /// `email`
    Email {
        /// Addresses.
        to: Vec<String>,
        /// The subject.
        subject: Template,
        /// What it says.
        text: Template,
        /// The variable that holds the place of a recording.
        attach: Option<Path>,
    },
}

impl Letter {
    /// The letter now; none when it can reach nobody: the caller's number is secret, or no number at all.
    pub(crate) fn write(&self, plan: &dyn Numbers, reading: &Reading<'_>) -> Option<Sent> {
        match self {
            Self::Sms { to, text } => {
                let to = match to {
                    Some(to) => to.fill(Place::Prose, reading),
                    None => reading.cx.call().caller.as_ref()?.reveal().clone(),
                };
                Some(Sent::Sms { to: plan.normal(&to)?, text: text.fill(Place::Prose, reading) })
            }
            Self::Email { to, subject, text, attach } => {
                let recording = attach.as_ref().and_then(|path| path.value(reading));
                let recording = recording.filter(|value| *value != Value::Text(String::new()));
                Some(Sent::Email {
                    to: to.clone(),
                    subject: subject.fill(Place::Prose, reading).replace(['\r', '\n'], " "),
                    text: text.fill(Place::Prose, reading),
                    attachments: recording.iter().map(Value::to_string).collect(),
                })
            }
        }
    }
}

impl Letter {
    /// The values that it writes by a format.
    pub(crate) fn formats(&self) -> Vec<(&Path, Format)> {
        match self {
            Self::Sms { text, .. } => text.formats().collect(),
            Self::Email { subject, text, .. } => subject.formats().chain(text.formats()).collect(),
        }
    }
}

impl Lawful for Letter {
    fn is_silent(&self) -> bool {
        true
    }
    fn reads(&self) -> Vec<&Path> {
        match self {
            Self::Sms { to, text } => to.iter().flat_map(Template::reads).chain(text.reads()).collect(),
            Self::Email { subject, text, attach, .. } => {
                subject.reads().chain(text.reads()).chain(attach).collect()
            }
        }
    }
}

impl Drawn for Letter {
    fn kind(&self) -> Kind {
        Kind::Outside
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![match self {
            Self::Sms { text, .. } => line(Sign::Sends, format!("SMS : {}", text.pattern())),
            Self::Email { to, .. } => line(Sign::Sends, to.join(", ")),
        }]
    }
}

pub(super) fn sms(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Letter> {
    let text = reader.written(step.argument);
    let to = match step.option("to") {
        Some(node) => Some(recipient(reader, node)?),
        None => None,
    };
    Some(Letter::Sms { to, text: text? })
}

/// A number, an agent who has one, or a variable.
fn recipient(reader: &mut Reader<'_>, node: &Node) -> Option<Template> {
    let text = reader.text(node)?;
    if text.contains('{') {
        return reader.template(node);
    }
    if let Some(number) = reader.names.phones.get(text) {
        return reader.template_of(node, &number.clone());
    }
    match reader.names.numbers.normal(text).filter(|_| text.bytes().any(|byte| byte.is_ascii_digit())) {
        Some(number) => {
            reader.admits(node, &number);
            reader.template_of(node, &number)
        }
        None if reader.names.agents.contains(text) => {
            let message = say!("the agent `{}` has no telephone number", text);
            reader.error(
                node,
                "unknown-recipient",
                message,
                say!("add `{}` to it in site.yaml", "phone: 06 12 34 56 78"),
            );
            None
        }
        None => {
            let known: Vec<Name> = reader.names.phones.keys().cloned().collect();
            let what = Text::word("number, or agent with a telephone number,");
            reader.unknown(node, "unknown-recipient", what, known.iter().map(Name::as_str));
            None
        }
    }
}

pub(super) fn email(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Letter> {
    let text = reader.written(step.argument);
    let mut to = Vec::new();
    match step.option("to") {
        Some(node) => {
            for node in reader.list(node) {
                to.extend(addresses(reader, node)?);
            }
        }
        None => {
            let help = say!("add `{}`", "to: contact@exemple.fr");
            reader.error(step.verb, "missing-recipient", Text::word("nobody gets this e-mail"), help);
            return None;
        }
    }
    let subject = match step.option("subject") {
        Some(node) => reader.written(node),
        None => reader.template_of(step.verb, &format!("{}, {{call.ref}}", reader.flow.clone())),
    };
    let attach = match step.option("attach") {
        Some(node) => Some(reader.variable_read(node)?),
        None => None,
    };
    Some(Letter::Email { to, subject: subject?, text: text?, attach })
}

/// An address, or those of a mailbox.
fn addresses(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<String>> {
    let text = reader.text(node)?;
    if let Some((user, host)) = text.split_once('@') {
        let clean = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| c.is_whitespace() || c.is_control() || "@<>,;".contains(c))
        };
        if clean(user) && clean(host) {
            return Some(vec![text.to_owned()]);
        }
        reader.error(node, "unknown-recipient", say!("`{}` is no e-mail address", text), Text::default());
        return None;
    }
    match reader.names.addresses.get(text) {
        Some(addresses) if addresses.is_empty() => {
            let message = say!("the mailbox `{}` has no e-mail address", text);
            reader.error(node, "unknown-recipient", message, say!("add `{}` to it in site.yaml", "email: …"));
            None
        }
        Some(addresses) => Some(addresses.clone()),
        None => {
            let known: Vec<Name> = reader.names.addresses.keys().cloned().collect();
            let what = Text::word("e-mail address or mailbox");
            reader.unknown(node, "unknown-recipient", what, known.iter().map(Name::as_str));
            None
        }
    }
}
