//! What the company's own system answers in a scenario: `METHOD /path` and an answer, the most specific one first.

use super::form::ANSWER;
use super::read::Reader;
use crate::base::diagnostic::{Text, nearest};
use crate::base::form::keys;
use crate::base::time::Duration;
use crate::base::yaml::{Node, Value};
use crate::flow::errand::{Fetch, FetchFailure, Fetched, Method};
use crate::flow::literal;
use crate::say;

/// Requests, and how each is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers(Vec<(Request, Answer)>);

/// An answer, and how long it takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// How the request is answered.
    pub(crate) fetched: Fetched,
    /// After so long.
    pub(crate) after: Duration,
}

/// A request as a scenario names it: `GET /commandes/*`, `POST https://api.exemple.fr/tickets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    method: Method,
    /// `https://api.exemple.fr`; any host when none.
    host: Option<String>,
    /// Path and query; `*` stands for anything.
    path: String,
}

impl Answers {
    /// How a request is answered; none when no key names it. A timeout of the flow comes before a later answer.
    pub(crate) fn find(&self, fetch: &Fetch) -> Option<Answer> {
        let fitting = self.0.iter().filter(|(request, _)| request.fits(fetch));
        let (_, answer) = fitting.max_by_key(|(request, _)| request.precision())?;
        Some(match answer {
            late if late.after >= fetch.timeout || late.fetched == Fetched::Failed(FetchFailure::Timeout) => {
                Answer { fetched: Fetched::Failed(FetchFailure::Timeout), after: fetch.timeout }
            }
            answer => answer.clone(),
        })
    }
}

impl Request {
    /// Reads `METHOD /path` or `METHOD https://host/path`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (method, address) = text.trim().split_once(' ')?;
        let method = Method::ALL.into_iter().find(|known| known.as_str() == method)?;
        let address = address.trim();
        let (host, path) = match address.find("://") {
            Some(scheme) => {
                let path = address[scheme + 3..].find('/').map_or(address.len(), |slash| scheme + 3 + slash);
                (Some(address[..path].to_owned()), &address[path..])
            }
            None => (None, address),
        };
        let path = if path.is_empty() { "/" } else { path };
        path.starts_with(['/', '*']).then(|| Self { method, host, path: path.to_owned() })
    }

    /// Whether it names what a flow asks.
    pub(crate) fn fits(&self, fetch: &Fetch) -> bool {
        let (host, path) = host_and_path(&fetch.url);
        self.method == fetch.method
            && self.host.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(host))
            // Who writes the scenario may write the path as people do, or as it travels.
            && (matches(&self.path, path) || matches(&self.path, &decoded(path)))
    }

    /// The more it says, the sooner it is meant.
    fn precision(&self) -> (bool, bool, usize) {
        let literal = self.path.chars().filter(|c| *c != '*').count();
        (!self.path.contains('*'), self.host.is_some(), literal)
    }
}

/// A request as a scenario would name it: `GET /commandes/12345678`.
pub(crate) fn written(fetch: &Fetch) -> String {
    format!("{} {}", fetch.method.as_str(), host_and_path(&fetch.url).1)
}

fn host_and_path(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let slash = url[start..].find('/').map_or(url.len(), |slash| start + slash);
    let (host, path) = url.split_at(slash);
    (host, if path.is_empty() { "/" } else { path })
}

/// Whether a text is what a pattern says; `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => rest.is_empty(),
    }
}

/// RFC 3986 §2.1, undone.
fn decoded(path: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(path.len()), path.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| str::from_utf8(code).ok());
        match (first, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Reader<'_> {
    /// `http: { "GET /commandes/*": timeout }`
    pub(super) fn answers(&mut self, node: &Node) -> Answers {
        let pairs = self.pairs(node, Text::word("`http`"));
        let read = |(key, value)| Some((self.request(key)?, self.answer(value)?));
        Answers(pairs.into_iter().filter_map(read).collect())
    }

    /// `GET /commandes/*`
    pub(super) fn request(&mut self, node: &Node) -> Option<Request> {
        let text = self.text(node)?;
        let request = Request::parse(text);
        if request.is_none() {
            let help = say!("write `{}` or `{}`", "GET /path/*", "GET https://host/path");
            self.error(node, "not-a-request", say!("`{}` is not a request", text), help);
        }
        request
    }

    fn answer(&mut self, node: &Node) -> Option<Answer> {
        let at_once = |fetched| Some(Answer { fetched, after: Duration::ZERO });
        let found = |body| Fetched::Answer { status: 200, body };
        match &node.value {
            Value::Text { text, .. } => {
                let words = FetchFailure::ALL.map(FetchFailure::as_str);
                match FetchFailure::ALL.into_iter().find(|failure| failure.as_str() == text) {
                    Some(failure) => at_once(Fetched::Failed(failure)),
                    None => {
                        let help = match nearest(text, words) {
                            Some(meant) => say!("did you mean `{}`?", meant),
                            None => say!(
                                "write `{}`, `{}` or `{}`",
                                "timeout",
                                "{ status: 404 }",
                                "{ key: value }"
                            ),
                        };
                        self.error(node, "not-an-answer", say!("`{}` is not an answer", text), help);
                        None
                    }
                }
            }
            Value::Null => {
                let help = say!("write `{}`, `{}` or `{}`", "timeout", "{ status: 404 }", "{ key: value }");
                self.error(node, "not-an-answer", Text::word("the answer is missing"), help);
                None
            }
            Value::Map(entries)
                if entries.iter().any(|(key, _)| keys(ANSWER).contains(&key.text().unwrap_or(""))) =>
            {
                let fields = self.fields(node, Text::word("an answer"), ANSWER);
                let status = match fields.get("status") {
                    Some(status) => self.status(status)?,
                    None => 200,
                };
                let body = fields.get("body").map_or(serde_json::Value::Null, json);
                let after = match fields.get("after") {
                    Some(after) => self.duration(after)?,
                    None => Duration::ZERO,
                };
                Some(Answer { fetched: Fetched::Answer { status, body }, after })
            }
            Value::Map(_) | Value::List(_) => at_once(found(json(node))),
        }
    }

    /// RFC 9110 §15: three digits.
    fn status(&mut self, node: &Node) -> Option<u16> {
        let text = self.text(node)?;
        let status = text.parse().ok().filter(|status| (100..=599).contains(status));
        if status.is_none() {
            self.error(
                node,
                "not-a-status",
                say!("`{}` is not a status", text),
                Text::word("write 100 to 599"),
            );
        }
        status
    }
}

/// A tree of YAML as JSON: a plain scalar is a number or a truth by JSON's rules, what is quoted always a text.
pub(crate) fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Text { text, plain } => literal(text, *plain).unwrap_or_else(|| text.as_str().into()),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|(key, value)| (key.text().unwrap_or("").to_owned(), json(value)));
            serde_json::Value::Object(entries.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(url: &str) -> Fetch {
        let timeout = Duration::from_secs(3);
        Fetch { method: Method::Get, url: url.to_owned(), headers: Vec::new(), body: None, timeout }
    }

    #[test]
    fn a_request_is_named_by_method_path_and_query() {
        let order = asked("https://api.exemple.fr/commandes/12345678?vue=courte");
        for (name, fits) in [
            ("GET /commandes/12345678?vue=courte", true),
            ("GET /commandes/12345678", false),
            ("GET /commandes/*", true),
            ("GET *", true),
            ("GET /*/12345678*", true),
            ("GET /*78?vue=*e", true),
            ("GET https://api.exemple.fr/commandes/*", true),
            ("GET https://autre.exemple.fr/commandes/*", false),
            ("POST /commandes/*", false),
            ("GET /commandes", false),
        ] {
            assert_eq!(Request::parse(name).unwrap().fits(&order), fits, "{name}");
        }
        assert!(Request::parse("GET /").unwrap().fits(&asked("https://api.exemple.fr")));
        assert!(
            Request::parse("GET /clients/Éloïse B")
                .unwrap()
                .fits(&asked("https://x/clients/%C3%89lo%C3%AFse%20B"))
        );
        for wrong in ["GET", "GET commandes", "get /commandes", "FETCH /x", ""] {
            assert_eq!(Request::parse(wrong), None, "{wrong}");
        }
    }
}
