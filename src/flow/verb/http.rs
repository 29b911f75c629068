//! `http` asks the company's own system; `identify` looks the caller up in it, and goes on whatever it says.
//!
//! What an answer brings is checked as it comes: a value of another type than the flow reads, or one that cannot be said as
//! the flow says it, counts as missing. The call goes to the step's `error` only where a missing value is needed.

use super::super::block::BlockId;
use super::super::draw::card::{Drawn, line};
use super::super::draw::diagram::{self, Line, Sign};
use super::super::draw::words::Words;
use super::super::errand::{Body, Fetch, Method};
use super::super::form::{BLOCK, Form, REQUEST, Row, SAVES, TEMPLATE, TEXTS, opt};
use super::super::read::{Reader, StepText};
use super::super::reading::Reading;
use super::super::template::{BodyText, Place, Template};
use super::super::value::{Kind, Path};
use super::lawful::{Ends, Lawful, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::limit::FETCH_DURATION_MAX;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};
use crate::say;

const SAVED: &str =
    "variables from the answer: `{ statut: statut, arrivee: livraison.date, reste: { solde: euros } }`";

pub(crate) const HTTP: Verb = Verb {
    name: "http",
    says: "asks the company's own system",
    argument: REQUEST,
    options: &[
        opt("body", Form::Any, "what is sent: a map or list becomes JSON"),
        opt("headers", TEXTS, "headers of this request; secrets stand in the site's `apis`"),
        opt("timeout", Form::Duration, "how long the answer may take (3s)"),
        opt("save", SAVES, SAVED),
        opt("not_found", BLOCK, "when the system knows no such thing: 404 or 410 (as `error`)"),
        opt("error", BLOCK, "when it fails, or its answer lacks what the flow needs (the flow's `error`)"),
    ],
    ends: Ends::Never,
    example: "- http: GET https://api.exemple.fr/commandes/{commande}\n  timeout: 3s\n  save: { statut: statut, arrivee: livraison.date }\n  not_found: inconnue\n  error: conseiller",
};

pub(crate) const IDENTIFY: Verb = Verb {
    name: "identify",
    says: "looks the caller up in the company's system, and goes on whatever it says; as the first step it is asked while the announcement plays",
    argument: REQUEST,
    options: IDENTIFY_OPTIONS,
    ends: Ends::Never,
    example: "- identify: GET https://crm.exemple.fr/clients?tel={caller}\n  save: { client: nom }\n  card: https://crm.exemple.fr/fiche/{client}",
};

const IDENTIFY_OPTIONS: &[Row] = &[
    opt("headers", TEXTS, "headers of this request; secrets stand in the site's `apis`"),
    opt("timeout", Form::Duration, "how long the answer may take (800ms)"),
    opt("save", SAVES, "variables from the answer; who reads them asks `known(…)` first"),
    opt("card", TEMPLATE, "the address of the caller's card, for the agent's screen and the record"),
];

const HTTP_TIMEOUT: Duration = Duration::from_secs(3);
/// What is spent while the announcement plays is not heard.
const IDENTIFY_TIMEOUT: Duration = Duration::from_millis(800);

/// A question to the company's own system.
#[derive(Debug)]
pub(crate) struct Http {
    /// How.
    pub(crate) method: Method,
    /// Where.
    pub(crate) url: Template,
    /// Headers.
    pub(crate) headers: Vec<(String, Template)>,
    /// What is sent.
    pub(crate) body: Option<BodyText>,
    /// How long the answer may take.
    pub(crate) timeout: Duration,
    /// What is kept of the answer.
    pub(crate) saves: Vec<Save>,
    /// Where the call goes when it fails; none for `identify`, which goes on.
    pub(crate) exits: Option<Exits>,
    /// The address of the caller's card.
    pub(crate) card: Option<Template>,
}

/// Where a call goes when a question is not answered well.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Exits {
    /// There is no such thing.
    pub(crate) not_found: BlockId,
    /// All else.
    pub(crate) error: BlockId,
}

/// A value of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Save {
    /// The variable.
    pub(crate) variable: Name,
    /// Where it stands in the answer: keys, and places in lists.
    pub(crate) path: Vec<String>,
    /// Its type, when the flow says it.
    pub(crate) kind: Option<Kind>,
    /// It may be missing: who reads it asks first.
    pub(crate) optional: bool,
}

impl Http {
    /// The request now.
    pub(crate) fn fetch(&self, reading: &Reading<'_>) -> Fetch {
        let body = self.body.as_ref().map(|body| match body {
            BodyText::Text(text) => {
                Body { content_type: "text/plain; charset=utf-8", text: text.fill(Place::Prose, reading) }
            }
            BodyText::Json(tree) => {
                Body { content_type: "application/json", text: tree.fill(reading).to_string() }
            }
        });
        let one_line = |text: String| text.replace(['\r', '\n', '\0'], " ");
        let header =
            |(name, value): &(String, Template)| (name.clone(), one_line(value.fill(Place::Prose, reading)));
        Fetch {
            method: self.method,
            url: self.url.fill(Place::Address, reading),
            headers: self.headers.iter().map(header).collect(),
            body,
            timeout: self.timeout,
        }
    }

    /// The host that it asks, for the record.
    pub(crate) fn host(&self) -> Name {
        Name::from(host(self.url.beginning()))
    }
}

impl Lawful for Http {
    fn ways(&self) -> Vec<Way> {
        let Some(exits) = self.exits else { return Vec::new() };
        vec![Way::deaf(Label::NotFound, exits.not_found), Way::deaf(Label::Error, exits.error)]
    }
    fn is_silent(&self) -> bool {
        true
    }
    fn reads(&self) -> Vec<&Path> {
        let body = self.body.iter().flat_map(|body| match body {
            BodyText::Text(text) => text.reads().collect(),
            BodyText::Json(tree) => tree.reads(),
        });
        let headers = self.headers.iter().flat_map(|(_, value)| value.reads());
        // The card is written with the values of the answer: what is missing is left out of it.
        self.url.reads().chain(headers).chain(body).collect()
    }
    fn sets(&self) -> Vec<&Name> {
        let surely = self.saves.iter().filter(|save| !save.optional && self.exits.is_some());
        surely.map(|save| &save.variable).collect()
    }
    fn may_set(&self) -> Vec<&Name> {
        self.saves.iter().map(|save| &save.variable).collect()
    }
}

impl Drawn for Http {
    fn kind(&self) -> diagram::Kind {
        diagram::Kind::Outside
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        vec![line(Sign::Sends, format!("{} {}", self.method.as_str(), self.url.pattern()))]
    }
}

pub(super) fn http(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Box<Http>> {
    let asked = request(reader, step.argument);
    let headers = headers(reader, step);
    let body = step.option("body").and_then(|node| reader.body(node));
    let timeout = timeout(reader, step, HTTP_TIMEOUT);
    let saves = saves(reader, step);
    let error = reader.failure_exit(step, "error");
    let not_found = match step.option("not_found") {
        Some(_) => reader.exit(step, "not_found"),
        None => error,
    };
    let (method, url) = asked?;
    let exits = Exits { not_found: not_found?, error: error? };
    if let (Some(node), Method::Get | Method::Delete) = (step.option("body"), method) {
        let message = say!("`{}` sends nothing: its body is not read", method.as_str());
        reader.warn(node, "body", message, say!("write `{}`", "POST https://…"));
    }
    Some(Box::new(Http {
        method,
        url,
        headers: headers?,
        body,
        timeout,
        saves: saves?,
        exits: Some(exits),
        card: None,
    }))
}

pub(super) fn identify(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Box<Http>> {
    let asked = request(reader, step.argument);
    let headers = headers(reader, step);
    let timeout = timeout(reader, step, IDENTIFY_TIMEOUT);
    let saves = saves(reader, step);
    let card = step.option("card").and_then(|node| reader.template(node));
    let (method, url) = asked?;
    let (headers, saves) = (headers?, saves?);
    Some(Box::new(Http { method, url, headers, body: None, timeout, saves, exits: None, card }))
}

/// `GET https://api.exemple.fr/commandes/{commande}`
fn request(reader: &mut Reader<'_>, node: &Node) -> Option<(Method, Template)> {
    let text = reader.text(node)?.trim();
    let help = || say!("write `{}`", "GET https://api.exemple.fr/commandes/{commande}");
    let Some((word, url)) = text.split_once(char::is_whitespace) else {
        reader.error(node, "request", Text::word("a request is a method and an address"), help());
        return None;
    };
    let Some(method) = Method::ALL.into_iter().find(|method| method.as_str() == word) else {
        let place = reader.piece_in(node, word);
        reader.unknown_word(&place, "request", Text::word("method"), word, Method::ALL.map(Method::as_str));
        return None;
    };
    let url = url.trim();
    if let Some(why) = wrong_address(url) {
        let place = reader.piece_in(node, url);
        reader.error(&place, "request", say!("`{}` cannot be asked: {}", url, why), help());
        return None;
    }
    if url.starts_with("http://") && !is_local(host(url)) {
        let message = Text::word("everybody on the way can read this request: it is not encrypted");
        reader.warn(node, "unencrypted", message, say!("write `{}`", "https://…"));
    }
    reader.template_of(node, url).map(|url| (method, url))
}

/// What keeps an address from being asked. The host is written in the flow: no value that a caller or a system gives can
/// choose it.
fn wrong_address(url: &str) -> Option<Text> {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some(Text::word("it does not begin with `https://`"));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains(['{', '}']) {
        return Some(Text::word("its host must be written out, without placeholders"));
    }
    if authority.contains('@') {
        return Some(Text::word("a password does not belong into a flow: name it in the site's `apis`"));
    }
    let host = host(url);
    let fits = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-._:[]".contains(c));
    if !fits {
        return Some(Text::word("its host is not one"));
    }
    let spaced = url.split('{').enumerate().any(|(place, part)| {
        let fixed = if place == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        fixed.contains(char::is_whitespace)
    });
    spaced.then(|| Text::word("there is a blank in it"))
}

/// The host of an address, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or("")
}

/// A host of this machine.
fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name == "[::1]" || name.starts_with("127.")
}

fn headers(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Vec<(String, Template)>> {
    let mut headers = Vec::new();
    let Some(node) = step.option("headers") else { return Some(headers) };
    let mut whole = true;
    for (key, node) in reader.pairs(node, Text::word("`headers`")) {
        let name = key.text().unwrap_or("");
        // RFC 9110 §5.1: a token.
        if name.is_empty()
            || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
        {
            reader.error(key, "header", say!("`{}` is not the name of a header", name), Text::default());
            whole = false;
            continue;
        }
        match reader.template(node) {
            Some(value) => headers.push((name.to_owned(), value)),
            None => whole = false,
        }
    }
    whole.then_some(headers)
}

fn timeout(reader: &mut Reader<'_>, step: &StepText<'_>, usual: Duration) -> Duration {
    let timeout = reader.duration_or(step, "timeout", usual);
    if let (true, Some(node)) = (timeout > FETCH_DURATION_MAX, step.option("timeout")) {
        let message = say!("no caller waits so long: {} s at most", FETCH_DURATION_MAX.as_secs());
        reader.error(node, "not-a-duration", message, say!("write `{}`", "3s"));
    }
    timeout.min(FETCH_DURATION_MAX)
}

/// `save: { statut: statut, arrivee: livraison.date, reste: { solde: euros }, note: "remarque?" }`
fn saves(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Vec<Save>> {
    let mut saves = Vec::new();
    let Some(node) = step.option("save") else { return Some(saves) };
    let mut whole = true;
    for (key, node) in reader.pairs(node, Text::word("`save`")) {
        let variable = reader.variable(key);
        let read = place_and_kind(reader, node);
        match (variable, read) {
            (Some(variable), Some((path, kind, optional))) => {
                saves.push(Save { variable, path, kind, optional });
            }
            (_, _) => whole = false,
        }
    }
    whole.then_some(saves)
}

/// The place of a value in an answer, its type, and whether it may be missing: `solde`, `solde: euros`, `remarque?`.
fn place_and_kind(reader: &mut Reader<'_>, node: &Node) -> Option<(Vec<String>, Option<Kind>, bool)> {
    let (place, kind_node, kind) = match &node.value {
        Value::Map(entries) => match &entries[..] {
            [(place, kind)] => (place.text()?, kind, kind.text()),
            _ => ("", node, None),
        },
        Value::Text { text, .. } => match text.split_once(':') {
            Some((place, kind)) => (place.trim(), node, Some(kind.trim())),
            None => (text.trim(), node, None),
        },
        Value::Null | Value::List(_) => ("", node, None),
    };
    let kind = match kind {
        None => None,
        Some(word) => match Kind::NAMED.iter().find(|(known, _)| *known == word) {
            Some((_, kind)) => Some(*kind),
            None => {
                let known = Kind::NAMED.map(|(word, _)| word);
                reader.unknown_word(kind_node, "unknown-type", Text::word("type"), word, known);
                return None;
            }
        },
    };
    let (place, optional) = match place.strip_suffix('?') {
        Some(place) => (place, true),
        None => (place, false),
    };
    let path: Vec<String> = place.split('.').map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        let help = say!("write `{}`", "{ arrivee: livraison.date }");
        reader.error(
            node,
            "save",
            Text::word("this does not say where the value stands in the answer"),
            help,
        );
        return None;
    }
    Some((path, kind, optional))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_flow_chooses_the_host() {
        let wrong = |url: &str| wrong_address(url).map(|why| why.english());
        assert_eq!(wrong("https://api.exemple.fr/a/{b}?c={d|digits}"), None);
        assert_eq!(wrong("http://127.0.0.1:8080/x"), None);
        assert_eq!(wrong("https://[2001:db8::1]:8443/x"), None);
        for url in [
            "https://{host}/x",
            "https://api.{zone}.fr/x",
            "https://user:secret@api.exemple.fr/",
            "ftp://a/b",
            "https:///x",
            "https://a b/x",
            "https://a/b c",
            "{url}",
        ] {
            assert!(wrong(url).is_some(), "{url}");
        }
    }
}
