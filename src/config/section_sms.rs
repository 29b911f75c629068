//! `sms:`. A gateway is one request with placeholders; those of known providers stand in `providers.yaml`, in the very words
//! that an operator would write.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::form::{Form, Row, SECRET, opt};
use super::outside::{Json, Login, Part, Sms, SmsBody, Template};
use super::read::{Fields, Reader};
use super::section_accepted::{self, OK};
use super::section_outside::{certificate, header_name, header_once, header_value, private, timeout};
use super::site::Secret;
use crate::base::diagnostic::{Report, Source, Text, nearest};
use crate::base::time::Duration;
use crate::base::url::Url;
use crate::base::yaml::{self, Node, Value};
use crate::flow::errand::Method;
use crate::say;

const PROVIDERS: &str = include_str!("providers.yaml");

/// The section `sms`.
pub(crate) const SMS_SECTION: Row = opt("sms", Form::Section(SMS), "the gateway of text messages");

const SMS: &[Row] = &[
    opt("provider", Form::Word(&["twilio", "brevo", "ovh", "smsmode"]), "a gateway that svi knows"),
    opt("from", Form::Text, "the sender that is shown"),
    opt("auth", Form::Section(AUTH_FIELDS), "how the gateway knows you"),
    opt("url", Form::Text, "the address of another gateway, with `{to}`, `{text}`, `{from}`"),
    opt("method", Form::Word(&["get", "post", "put", "patch"]), "how it is asked (post; get without a body)"),
    opt("headers", Form::Map(&Form::Text), "headers of the request"),
    opt("body", Form::Any, "what is sent"),
    opt("content", Form::Word(&["json", "form"]), "how a map is written (json)"),
    opt("ok", Form::Section(OK), "what its answer is like when it takes a message (any of 200 to 299)"),
    opt("timeout", Form::Duration, "how long an answer may take (15s)"),
    opt("private", Form::YesNo, "whether the gateway may stand in your own network (false)"),
    opt("certificate", Form::Text, "a file of certificates that are trusted for it, too (PEM)"),
    opt("tariff", Form::Text, "what its messages cost"),
];

const AUTH_FIELDS: &[Row] = &[
    opt("user", Form::Text, "the account"),
    opt("password", SECRET, "its password"),
    opt("token", SECRET, "a token"),
    opt("key", SECRET, "a key"),
    opt("account", Form::Text, "the account of the service"),
    opt("application", Form::Text, "the application"),
    opt("secret", SECRET, "its secret"),
    opt("consumer", SECRET, "the consumer key"),
];

/// What the gateway may be given to know us by; each is a placeholder, too.
const AUTH: [&str; AUTH_FIELDS.len()] = names(AUTH_FIELDS);

/// The keys of a table.
const fn names<const N: usize>(table: &[Row]) -> [&'static str; N] {
    let (mut names, mut place) = ([""; N], 0);
    while place < N {
        names[place] = table[place].name;
        place += 1;
    }
    names
}

/// A gateway answers in a second; text messages wait for no caller.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Reads the gateway of text messages.
pub(crate) fn sms(reader: &mut Reader<'_>, node: &Node) -> Option<Sms> {
    let fields = reader.fields(node, Text::word("the gateway"), SMS);
    let presets = Presets::read();
    let preset = match fields.get("provider") {
        Some(node) => Some(presets.find(reader, node)?),
        None => None,
    };
    let mut values = auth(reader, &fields);
    let from = fields.get("from").and_then(|node| reader.text(node));
    if let Some(from) = from {
        values.insert("from", Secret::new(from.to_owned()));
    }
    let ready = preset.is_none_or(|preset| has_all(reader, node, &fields, preset));
    let login = login(reader, &fields, &values);
    // The preset is right: what it lacks has been told.
    let mut quiet = Report::default();
    let mut shipped = Reader::new(&presets.source, &mut quiet, &|_| None);
    let url = match (fields.get("url"), preset.and_then(|preset| preset.get("url"))) {
        (Some(node), usual) => written_url(reader, node, usual, &values),
        (None, Some(usual)) => template(&mut shipped, usual, &values),
        (None, None) => {
            let help = Text::word("name a `provider` that svi knows, or describe the request: `url`, `body`");
            reader.error(node, "missing-key", Text::word("sms lacks `url`"), help);
            None
        }
    };
    let method = fields.get("method").map(|node| method(reader, node));
    let headers = match (fields.get("headers"), preset.and_then(|preset| preset.get("headers"))) {
        (Some(node), _) => headers(reader, node, &values),
        (None, Some(usual)) => headers(&mut shipped, usual, &values),
        (None, None) => Vec::new(),
    };
    let content = fields.get("content").or_else(|| preset.and_then(|preset| preset.get("content")));
    let form = match content {
        Some(node) => reader.word(
            node,
            "unknown-name",
            Text::word("way to write it"),
            &[("form", true), ("json", false)],
        )?,
        None => false,
    };
    let body = match (fields.get("body"), preset.and_then(|preset| preset.get("body"))) {
        (Some(node), _) => body(reader, node, form, &values),
        (None, Some(usual)) => body(&mut shipped, usual, form, &values),
        (None, None) => Some(SmsBody::Nothing),
    };
    let usual = if body == Some(SmsBody::Nothing) { Method::Get } else { Method::Post };
    let timeout = fields.get("timeout").and_then(|node| timeout(reader, node)).unwrap_or(TIMEOUT);
    let (private, certificate) = (private(reader, &fields), certificate(reader, &fields));
    let (url, body, login) = (url?, body?, login?);
    let secret = login != Login::Nothing || values.keys().any(|key| *key != "from");
    let clear = url.fill("", "", str::to_owned).to_ascii_lowercase().starts_with("http://");
    if let (true, true, false, Some(auth)) = (secret, clear, private, fields.get("auth")) {
        let help = Text::word(
            "take an address with `https://`, or say `private: true` if the gateway stands in your own network",
        );
        reader.error(
            auth,
            "password-in-clear",
            Text::word("what stands in `auth` would travel in clear"),
            help,
        );
    }
    says_what_to_whom(reader, node, &url, &body)?;
    let method = method.map_or(Some(usual), |method| method)?;
    let accepted = fields.get("ok").map(|node| section_accepted::read(reader, node));
    let usual = || section_accepted::read(&mut shipped, preset?.get("ok")?).into();
    let accepted = accepted.or_else(usual).unwrap_or_default();
    ready.then_some(Sms { method, url, headers, body, login, private, timeout, accepted, certificate })
}

/// What `providers.yaml` says.
struct Presets {
    source: Arc<Source>,
    root: Option<Node>,
}

impl Presets {
    fn read() -> Self {
        let source = Source::new("providers.yaml", PROVIDERS);
        let root = yaml::parse(&source, &mut Report::default());
        Self { source, root }
    }

    fn find(&self, reader: &mut Reader<'_>, node: &Node) -> Option<&Node> {
        let name = reader.text(node)?;
        let found = self.root.as_ref().and_then(|root| root.get(name));
        if found.is_none() {
            let known = self.root.as_ref().map(super::check::keys).unwrap_or_default();
            let known = known.into_iter().map(|(name, _)| name);
            reader.unknown(node, "unknown-name", Text::word("provider"), known);
        }
        found
    }
}

/// Whether all is written that a provider needs.
fn has_all(reader: &mut Reader<'_>, node: &Node, fields: &Fields<'_>, preset: &Node) -> bool {
    let provider = fields.get("provider").and_then(Node::text).unwrap_or_default();
    let mut lacking = Vec::new();
    for (need, _) in preset.get("needs").map(super::check::texts).unwrap_or_default() {
        let written = match need {
            "from" => fields.get("from"),
            need => fields.get("auth").and_then(|auth| auth.get(need)),
        };
        if written.is_none() {
            lacking.push(if need == "from" {
                "from: …".to_owned()
            } else {
                format!("auth: {{ {need}: … }}")
            });
        }
    }
    if !lacking.is_empty() {
        let message = say!("{} needs more than is written here", provider);
        reader.error(node, "missing-key", message, say!("add `{}`", lacking.join("`, `")));
    }
    lacking.is_empty()
}

fn auth(reader: &mut Reader<'_>, fields: &Fields<'_>) -> BTreeMap<&'static str, Secret> {
    let Some(node) = fields.get("auth") else { return BTreeMap::new() };
    let auth = reader.fields(node, Text::word("the `auth` settings"), AUTH_FIELDS);
    let mut values = BTreeMap::new();
    for key in AUTH {
        if let Some(node) = auth.get(key)
            && let Some(secret) = reader.secret(node)
            && header_value(reader, node, secret.reveal())
        {
            values.insert(key, secret);
        }
    }
    values
}

/// How the gateway knows us follows from what it is given.
fn login(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    values: &BTreeMap<&'static str, Secret>,
) -> Option<Login> {
    const WAYS: [&[&str]; 3] = [&["user", "password"], &["token"], &["application", "secret", "consumer"]];
    let Some(node) = fields.get("auth") else { return Some(Login::Nothing) };
    let begun: Vec<&&[&str]> =
        WAYS.iter().filter(|way| way.iter().any(|key| node.get(key).is_some())).collect();
    let [way] = begun[..] else {
        if begun.is_empty() {
            return Some(Login::Nothing);
        }
        let help = Text::word(
            "give `user` and `password`, or `token`, or `application`, `secret` and `consumer` (OVH); `key` and `account` are placeholders only",
        );
        reader.error(node, "auth-twice", Text::word("these are two ways to log in at once"), help);
        return None;
    };
    let lacking: Vec<&str> = way.iter().copied().filter(|key| node.get(key).is_none()).collect();
    if !lacking.is_empty() {
        let message = say!("auth lacks `{}`", lacking.join("`, `"));
        reader.error(node, "missing-key", message, say!("add `{}: …`", lacking[0]));
        return None;
    }
    let value = |key: &str| values.get(key).cloned();
    match way {
        ["token"] => Some(Login::Bearer(value("token")?)),
        ["user", ..] => Some(Login::Basic { user: value("user")?, password: value("password")? }),
        _ => Some(Login::Ovh {
            application: value("application")?,
            secret: value("secret")?,
            consumer: value("consumer")?,
        }),
    }
}

fn method(reader: &mut Reader<'_>, node: &Node) -> Option<Method> {
    reader.value(node, Text::word("get, post, put or patch"), |text| {
        let methods = Method::ALL.into_iter().filter(|method| *method != Method::Delete);
        methods.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text))
    })
}

/// The address of a gateway. Beside a provider, one without a path changes scheme and host only.
fn written_url(
    reader: &mut Reader<'_>,
    node: &Node,
    usual: Option<&Node>,
    values: &BTreeMap<&'static str, Secret>,
) -> Option<Template> {
    const URL: Text =
        Text::word("an address like `https://sms.exemple.fr/send`, without a placeholder before its path");
    let text = reader.text(node)?;
    let rest = text.find("://").map_or(0, |at| at + 3);
    let path = text[rest..].find(['/', '?']).map_or(text.len(), |at| rest + at);
    let whole = template(reader, node, values)?;
    reader.value(node, URL, |text| Url::parse(&text[..path]).filter(|_| !text[..path].contains('{')))?;
    let Some(usual) = usual.filter(|_| matches!(&text[path..], "" | "/")).and_then(Node::text) else {
        return Some(whole);
    };
    let after = usual.splitn(4, '/').nth(3).unwrap_or_default();
    parts(&format!("{}/{after}", &text[..path]), values).ok()
}

fn headers(
    reader: &mut Reader<'_>,
    node: &Node,
    values: &BTreeMap<&'static str, Secret>,
) -> Vec<(String, Template)> {
    let mut headers: Vec<(String, Template)> = Vec::new();
    for (key, node) in reader.pairs(node, Text::word("`headers`")) {
        let Some(name) = header_name(reader, key) else { continue };
        if !header_once(reader, key, &name, headers.iter().map(|(name, _)| name.as_str())) {
            continue;
        }
        // A value with a credential of its own has no placeholder.
        let value = match reader.text(node) {
            Some(text) if text.starts_with("credential:") || text.contains(" credential:") => reader
                .sealed(node)
                .filter(|sealed| header_value(reader, node, sealed.reveal()))
                .map(|sealed| Template(vec![Part::Value(sealed)])),
            Some(text) if header_value(reader, node, text) => template(reader, node, values),
            _ => None,
        };
        headers.extend(value.map(|value| (name, value)));
    }
    headers
}

fn body(
    reader: &mut Reader<'_>,
    node: &Node,
    form: bool,
    values: &BTreeMap<&'static str, Secret>,
) -> Option<SmsBody> {
    if !form {
        return json(reader, node, values).map(SmsBody::Json);
    }
    let mut fields = Vec::new();
    for (key, node) in reader.pairs(node, Text::word("`body`")) {
        if let (Some(key), Some(value)) = (key.text(), template(reader, node, values)) {
            fields.push((key.to_owned(), value));
        }
    }
    Some(SmsBody::Form(fields))
}

fn json(reader: &mut Reader<'_>, node: &Node, values: &BTreeMap<&'static str, Secret>) -> Option<Json> {
    match &node.value {
        Value::Null => Some(Json::Literal("null".to_owned())),
        Value::Text { text, plain: true } if is_literal(text) => Some(Json::Literal(text.clone())),
        Value::Text { .. } => template(reader, node, values).map(Json::Text),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| json(reader, item, values)).collect();
            items.into_iter().collect::<Option<_>>().map(Json::List)
        }
        Value::Map(entries) => {
            if let [(key, value)] = &entries[..]
                && let Some(name) = key.text()
                && value.value == Value::Null
                && (is_place(name) || AUTH.contains(&name))
            {
                let message = say!("`{{}}` without quotes is YAML's map, not a placeholder", name);
                reader.error(node, "placeholder-bare", message, say!("write \"{{}}\" with quotes", name));
                return None;
            }
            let mut map = Vec::new();
            for (key, value) in entries {
                map.push((key.text().unwrap_or_default().to_owned(), json(reader, value, values)));
            }
            map.into_iter().map(|(key, value)| Some((key, value?))).collect::<Option<_>>().map(Json::Map)
        }
    }
}

/// What YAML 1.2 and JSON both take for no text: `true`, `false`, `null`, a number as JSON writes it.
fn is_literal(text: &str) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.is_ok_and(|value| !value.is_string() && !value.is_array() && !value.is_object())
}

fn is_place(name: &str) -> bool {
    matches!(name, "to" | "to.digits" | "text" | "unicode" | "from")
}

fn template(
    reader: &mut Reader<'_>,
    node: &Node,
    values: &BTreeMap<&'static str, Secret>,
) -> Option<Template> {
    let text = match &node.value {
        Value::Null => return Some(Template(Vec::new())),
        Value::Map(_) | Value::List(_) => {
            let help = Text::word("write a text; a placeholder stands in quotes: \"{to}\"");
            reader.error(node, "not-a-text", Text::word("a text is expected here"), help);
            return None;
        }
        Value::Text { text, .. } => text,
    };
    match parts(text, values) {
        Ok(template) => Some(template),
        Err(name) => {
            let known: Vec<&str> =
                ["to", "to.digits", "text", "unicode"].into_iter().chain(values.keys().copied()).collect();
            let help = match nearest(&name, known.iter().copied()) {
                Some(meant) => say!("did you mean `{}`?", meant),
                None if is_place(&name) || AUTH.contains(&&*name) => {
                    say!("write `{}: …` too (`from` beside `url`, the others under `auth`)", &name)
                }
                None => say!("known here: {}; a brace of the text itself is written twice", known.join(", ")),
            };
            reader.error(node, "unknown-placeholder", say!("unknown placeholder `{}`", &name), help);
            None
        }
    }
}

/// `{{` and `}}` are braces of the text itself.
fn parts(text: &str, values: &BTreeMap<&'static str, Secret>) -> Result<Template, String> {
    let (mut parts, mut fixed, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        fixed.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        if rest[at + 1..].starts_with(brace) {
            fixed.push_str(brace);
            rest = &rest[at + 2..];
            continue;
        }
        let end = rest[at..].find('}').filter(|end| *end > 0).ok_or_else(|| rest[at..].to_owned())?;
        let name = &rest[at + 1..at + end];
        let part = match name {
            "to" => Part::To,
            "to.digits" => Part::ToDigits,
            "text" => Part::Text,
            "unicode" => Part::Unicode,
            name => Part::Value(values.get(name).cloned().ok_or_else(|| name.to_owned())?),
        };
        if !fixed.is_empty() {
            parts.push(Part::Fixed(std::mem::take(&mut fixed)));
        }
        parts.push(part);
        rest = &rest[at + end + 1..];
    }
    fixed.push_str(rest);
    if !fixed.is_empty() {
        parts.push(Part::Fixed(fixed));
    }
    Ok(Template(parts))
}

/// A request that does not say what to whom sends nothing.
fn says_what_to_whom(reader: &mut Reader<'_>, node: &Node, url: &Template, body: &SmsBody) -> Option<()> {
    let mut templates = vec![url];
    match body {
        SmsBody::Nothing => {}
        SmsBody::Form(fields) => templates.extend(fields.iter().map(|(_, value)| value)),
        SmsBody::Json(json) => collect(json, &mut templates),
    }
    let has = |part: &Part| templates.iter().any(|template| template.has(part));
    let lacking = match (has(&Part::To) || has(&Part::ToDigits), has(&Part::Text)) {
        (true, true) => return Some(()),
        (false, _) => "{to}",
        (true, false) => "{text}",
    };
    let message = say!("the request holds no `{}`", lacking);
    let help = Text::word("put \"{to}\" and \"{text}\" into `url` or `body`, where the gateway wants them");
    reader.error(node, "placeholder-missing", message, help);
    None
}

fn collect<'t>(json: &'t Json, found: &mut Vec<&'t Template>) {
    match json {
        Json::Literal(_) => {}
        Json::Text(template) => found.push(template),
        Json::List(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Map(entries) => entries.iter().for_each(|(_, value)| collect(value, found)),
    }
}
