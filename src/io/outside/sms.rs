//! A text message as the request that the site's gateway wants.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};

use crate::base::time::Wall;
use crate::base::url::encoded;
use crate::config::outside::{Json, Login, Part, Sms, SmsBody, Template};
use crate::config::short_text::is_unicode;
use crate::flow::errand::{Body, Fetch};

/// The request that sends `text` to a number (E.164) at this moment.
pub(crate) fn request(sms: &Sms, to: &str, text: &str, now: Wall) -> Fetch {
    let url = sms.url.fill(to, text, encoded);
    let body = match &sms.body {
        SmsBody::Nothing => None,
        SmsBody::Form(fields) => {
            let pair =
                |(name, value): &(String, _)| format!("{}={}", form(name), filled(value, to, text, form));
            let text = fields.iter().map(pair).collect::<Vec<_>>().join("&");
            Some(Body { content_type: "application/x-www-form-urlencoded", text })
        }
        SmsBody::Json(body) => {
            Some(Body { content_type: "application/json", text: json(body, to, text).to_string() })
        }
    };
    let one_line = |value: &str| value.chars().filter(|c| !c.is_control()).collect();
    let mut headers: Vec<(String, String)> =
        sms.headers.iter().map(|(name, value)| (name.clone(), value.fill(to, text, one_line))).collect();
    // What is signed is what is sent.
    let url = crate::base::url::Url::parse(&url).map_or(url, |url| url.to_string());
    let sent = body.as_ref().map_or("", |body| &body.text);
    headers.extend(login(&sms.login, sms.method.as_str(), &url, sent, now));
    Fetch { method: sms.method, url, headers, body, timeout: sms.timeout }
}

fn filled(template: &Template, to: &str, text: &str, escape: impl Fn(&str) -> String) -> String {
    escape(&template.fill(to, text, str::to_owned))
}

/// `application/x-www-form-urlencoded`: as in an address, but a blank is `+`.
fn form(value: &str) -> String {
    encoded(value).replace("%20", "+")
}

fn json(json: &Json, to: &str, text: &str) -> Value {
    match json {
        Json::Literal(literal) => serde_json::from_str(literal).unwrap_or(Value::Null),
        Json::Text(Template(parts)) if *parts == [Part::Unicode] => Value::Bool(is_unicode(text)),
        Json::Text(template) => Value::String(template.fill(to, text, str::to_owned)),
        Json::List(items) => items.iter().map(|item| self::json(item, to, text)).collect(),
        Json::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.clone(), self::json(value, to, text)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn login(login: &Login, method: &str, url: &str, body: &str, now: Wall) -> Vec<(String, String)> {
    match login {
        Login::Nothing => Vec::new(),
        Login::Basic { user, password } => {
            let pair = STANDARD.encode(format!("{}:{}", user.reveal(), password.reveal()));
            vec![("Authorization".to_owned(), format!("Basic {pair}"))]
        }
        Login::Bearer(token) => vec![("Authorization".to_owned(), format!("Bearer {}", token.reveal()))],
        Login::Ovh { application, secret, consumer } => {
            let seconds = now.epoch_ms() / 1_000;
            let signed = format!("{}+{}+{method}+{url}+{body}+{seconds}", secret.reveal(), consumer.reveal());
            let mut signature = "$1$".to_owned();
            for octet in Sha1::digest(signed.as_bytes()) {
                let _ = write!(signature, "{octet:02x}");
            }
            let header = |name: &str, value: &str| (format!("X-Ovh-{name}"), value.to_owned());
            vec![
                header("Application", application.reveal()),
                header("Consumer", consumer.reveal()),
                header("Timestamp", &seconds.to_string()),
                header("Signature", &signature),
            ]
        }
    }
}
