//! `apis:` and `mail:`.

use std::net::IpAddr;
use std::path::PathBuf;

use super::form::{Form, Row, SECRET, need, opt};
use super::outside::{Api, Mail, Security};
use super::read::{Fields, Reader};
use super::site::Secret;
use super::value;
use crate::base::diagnostic::Text;
use crate::base::limit;
use crate::base::time::Duration;
use crate::base::url;
use crate::base::yaml::Node;
use crate::say;

/// The section `apis`.
pub(crate) const APIS: Row =
    opt("apis", Form::Each(API), "what is added when a flow asks this `host` or `host:port`");

const API: &[Row] = &[
    opt(
        "headers",
        Form::Map(&Form::Text),
        "headers of every request, with its secrets: `Bearer credential:api-token`",
    ),
    opt("timeout", Form::Duration, "how long an answer may take at the most"),
    opt("private", Form::YesNo, "whether the host may stand in your own network (false)"),
    opt("certificate", Form::Text, "a file of certificates that are trusted for it, too (PEM)"),
];

/// Reads the hosts that flows may ask, by `host` or `host:port`.
pub(crate) fn apis(reader: &mut Reader<'_>, node: &Node) -> Vec<(String, Api)> {
    const HOST: Text =
        Text::word("a host like `api.exemple.fr`, `api.exemple.fr:8443` or `192.0.2.1`, without `https://`");
    let mut apis: Vec<(String, Api)> = Vec::new();
    for (key, value) in reader.pairs(node, Text::word("`apis`")) {
        let host = reader.value(key, HOST, url::authority);
        let api = api(reader, value);
        let Some(host) = host else { continue };
        if apis.iter().any(|(other, _)| *other == host) {
            let message = say!("`{}` stands twice in `apis`", &host);
            reader.error(key, "host-twice", message, Text::word("write each host once"));
            continue;
        }
        apis.push((host, api));
    }
    apis
}

fn api(reader: &mut Reader<'_>, node: &Node) -> Api {
    let fields = reader.fields(node, Text::word("the api"), API);
    let mut headers: Vec<(String, Secret)> = Vec::new();
    for (key, value) in
        fields.get("headers").map(|node| reader.pairs(node, Text::word("`headers`"))).unwrap_or_default()
    {
        let name = header_name(reader, key);
        let known = headers.iter().map(|(name, _)| name.as_str());
        let once = name.as_deref().is_some_and(|name| header_once(reader, key, name, known));
        let sealed = reader.sealed(value).filter(|sealed| header_value(reader, value, sealed.reveal()));
        if let (Some(name), Some(sealed), true) = (name, sealed, once) {
            headers.push((name, sealed));
        }
    }
    Api {
        headers,
        timeout: fields.get("timeout").and_then(|node| timeout(reader, node)),
        private: private(reader, &fields),
        certificate: certificate(reader, &fields),
    }
}

/// How long an answer may take: more than nothing, and not so long that it holds a place for ever.
pub(crate) fn timeout(reader: &mut Reader<'_>, node: &Node) -> Option<Duration> {
    let timeout = reader.duration(node)?;
    if timeout > limit::FETCH_DURATION_MAX {
        let longest = limit::FETCH_DURATION_MAX.as_secs();
        let help = say!("write a duration up to {}s", longest);
        reader.error(node, "timeout-range", Text::word("an answer cannot be waited for this long"), help);
        return None;
    }
    Some(timeout)
}

/// `private: true`.
pub(crate) fn private(reader: &mut Reader<'_>, fields: &Fields<'_>) -> bool {
    fields.get("private").and_then(|node| reader.yes(node)).unwrap_or(false)
}

/// `certificate: PATH`.
pub(crate) fn certificate(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<PathBuf> {
    fields.get("certificate").and_then(|node| reader.text(node)).map(PathBuf::from)
}

/// The name of a header that may be added to a request (RFC 9110 §5.6.2 `token`).
pub(crate) fn header_name(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    // What says where the request goes and how long it is.
    const OURS: [&str; 9] = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "expect",
        "accept-encoding",
    ];
    let name = reader.value(node, Text::word("the name of a header, like `X-Api-Key`"), |text| {
        let token = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet);
        (text.len() <= 64 && text.bytes().all(token)).then(|| text.to_owned())
    })?;
    if OURS.contains(&name.to_ascii_lowercase().as_str()) {
        let message = say!("the header `{}` is written by svi itself", &name);
        reader.error(node, "header-ours", message, Text::word("leave it out"));
        return None;
    }
    Some(name)
}

/// Whether a header stands there for the first time; names know no case.
pub(crate) fn header_once<'h>(
    reader: &mut Reader<'_>,
    node: &Node,
    name: &str,
    mut known: impl Iterator<Item = &'h str>,
) -> bool {
    let twice = known.any(|other| other.eq_ignore_ascii_case(name));
    if twice {
        let message = say!("the header `{}` stands twice", name);
        reader.error(
            node,
            "header-twice",
            message,
            Text::word("names of headers know no upper and lower case"),
        );
    }
    !twice
}

/// Whether a text can be the value of a header (RFC 9110 §5.5): one line of ASCII.
pub(crate) fn header_value(reader: &mut Reader<'_>, node: &Node, text: &str) -> bool {
    let fit = text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    if !fit {
        let help = Text::word("a header is one line of ASCII; look into the file of the credential, too");
        reader.error(node, "bad-header", Text::word("this cannot stand in a header"), help);
    }
    fit
}

/// The section `mail`.
pub(crate) const MAIL_SECTION: Row = opt("mail", Form::Section(MAIL), "the server that takes e-mails");

const MAIL: &[Row] = &[
    need("server", Form::Text, "its host"),
    opt("port", Form::Count(65_535), "its port (587; 465 with tls, 25 with none)"),
    opt("security", Form::Word(&["starttls", "tls", "none"]), "how it is encrypted (starttls)"),
    opt("user", Form::Text, "the account"),
    opt("password", SECRET, "its password"),
    need("from", Form::Text, "the sender: `Maison Lavande <svi@exemple.fr>`"),
    opt("certificate", Form::Text, "a file of certificates that are trusted for it, too (PEM)"),
];

/// Reads the mail server.
pub(crate) fn mail(reader: &mut Reader<'_>, node: &Node) -> Option<Mail> {
    const WORDS: [(&str, Security); 3] =
        [("starttls", Security::StartTls), ("tls", Security::Tls), ("none", Security::Nothing)];
    const HOST: Text = Text::word(
        "the name or address of the mail server, like `smtp.exemple.fr`; its port stands in `port`",
    );
    let fields = reader.fields(node, Text::word("the mail server"), MAIL);
    let host = |text: &str| url::authority(text).filter(|host| !has_port(host));
    let server = fields.need(reader, "server").and_then(|node| reader.value(node, HOST, host));
    let security = fields.get("security");
    let security =
        security.and_then(|node| reader.word(node, "unknown-name", Text::word("encryption"), &WORDS));
    let security = security.unwrap_or(Security::StartTls);
    let port = fields.get("port").and_then(|node| reader.count(node, usize::from(u16::MAX)));
    let usual = match security {
        Security::StartTls => 587,
        Security::Tls => 465,
        Security::Nothing => 25,
    };
    let port = port.and_then(|port| u16::try_from(port).ok()).unwrap_or(usual);
    let from = fields.need(reader, "from").and_then(|node| {
        reader.value(
            node,
            Text::word("an address like `svi@exemple.fr` or `Maison Lavande <svi@exemple.fr>`"),
            sender,
        )
    });
    let login = login(reader, &fields);
    if let (Some(server), Some(password)) = (&server, fields.get("password"))
        && security == Security::Nothing
        && !is_loopback(server)
    {
        let help =
            Text::word("write `security: starttls` or `security: tls`, or leave user and password out");
        let message = say!("the password would go to `{}` in clear", server);
        reader.error(password, "password-in-clear", message, help);
    }
    let certificate = certificate(reader, &fields);
    // An IPv6 address stands without brackets beside a port of its own.
    let server = server?.trim_matches(['[', ']']).to_owned();
    Some(Mail { server, port, security, login: login?, from: from?, certificate })
}

/// User and password; none at all is well too. `None` after a mistake was told.
fn login(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Option<(String, Secret)>> {
    if fields.get("user").is_none() && fields.get("password").is_none() {
        return Some(None);
    }
    let user = fields.need(reader, "user").and_then(|node| reader.sign_in(node)).map(str::to_owned);
    let password = fields.need(reader, "password").and_then(|node| reader.secret(node));
    Some(Some((user?, password?)))
}

fn has_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// An address alone, or after a name and in `<>`.
fn sender(text: &str) -> Option<String> {
    let address = match text.trim().strip_suffix('>') {
        Some(open) => open.rsplit_once('<')?.1,
        None => text.trim(),
    };
    let fit = !text.chars().any(char::is_control);
    value::email(address).filter(|_| fit)?;
    Some(text.trim().to_owned())
}

#[cfg(test)]
#[path = "outside_tests.rs"]
mod tests;
