use std::collections::BTreeSet;
use std::time::Duration;

use crate::base::diagnostic::{Report, Source};
use crate::base::yaml;
use crate::config::outside::{Json, Login, Part, Security, SmsBody};
use crate::config::shared::{self, Document};
use crate::config::site::Shared;
use crate::flow::errand::Method;

fn read_text(text: &str) -> (Shared, Report) {
    let mut report = Report::default();
    let source = Source::new("site.yaml", text);
    let root = yaml::parse(&source, &mut report).expect("YAML");
    let credential = |name: &str| match name {
        "two-lines" => Some("a\nb\n".to_owned()),
        "nobody" => None,
        name => Some(format!("secret-of-{name}\n")),
    };
    let shared = shared::read(&[Document { source, root }], &BTreeSet::new(), &mut report, &credential);
    (shared, report)
}

fn read_well(text: &str) -> Shared {
    let (shared, report) = read_text(text);
    assert_eq!(report.to_string(), "");
    assert!(!format!("{shared:?}").contains("secret-of"), "secrets are not printed: {shared:?}");
    shared
}

/// The code and the marked text of each mistake.
fn mistakes(text: &str) -> Vec<(String, String)> {
    let (_, report) = read_text(text);
    report.iter().map(|d| (d.code.to_owned(), d.source.text[d.range.clone()].to_owned())).collect()
}

fn mistake(code: &str, marked: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), marked.to_owned())]
}

#[test]
fn apis_are_known_by_host() {
    let shared = read_well(
        "apis:\n  API.exemple.fr:\n    headers: { Authorization: Bearer credential:api-token, X-Key: credential:key, Accept: text/plain }\n    \
         timeout: 3s\n  \"[::1]:8080\": { private: true, certificate: ca.pem }\n  192.0.2.1:\n",
    );
    assert_eq!(shared.apis.keys().collect::<Vec<_>>(), ["192.0.2.1", "[::1]:8080", "api.exemple.fr"]);
    let api = &shared.apis["api.exemple.fr"];
    let headers: Vec<_> = api.headers.iter().map(|(name, value)| (&**name, value.reveal())).collect();
    assert_eq!(
        headers,
        [
            ("Authorization", "Bearer secret-of-api-token"),
            ("X-Key", "secret-of-key"),
            ("Accept", "text/plain")
        ]
    );
    assert_eq!((api.timeout, api.private), (Some(Duration::from_secs(3)), false));
    let local = &shared.apis["[::1]:8080"];
    assert_eq!((local.private, local.certificate.as_deref()), (true, Some("ca.pem".as_ref())));
}

#[test]
fn mistakes_of_apis_are_told_at_their_places() {
    let text = "\
apis:
  https://api.exemple.fr: { timeout: 90s }
  api.exemple.fr: { headers: { Host: x, 'X Y': z, X-A: a, x-a: b, X-T: credential:two-lines, X-N: Bearer credential:nobody } }
  API.exemple.fr.: { privat: true }
";
    let expected = [
        ("bad-value", "https://api.exemple.fr"),
        ("timeout-range", "90s"),
        ("header-ours", "Host"),
        ("bad-value", "'X Y'"),
        ("header-twice", "x-a"),
        ("bad-header", "credential:two-lines"),
        ("credential-missing", "Bearer credential:nobody"),
        ("unknown-key", "privat"),
        ("host-twice", "API.exemple.fr."),
    ];
    assert_eq!(mistakes(text), expected.map(|(code, marked)| (code.to_owned(), marked.to_owned())));
}

#[test]
fn a_message_shows_line_caret_and_what_was_meant() {
    let (_, report) = read_text("sms:\n  url: https://sms.exemple.fr/send?to={too}&text={text}\n");
    assert_eq!(
        report.to_string(),
        "error[unknown-placeholder]: unknown placeholder `too`\n --> site.yaml:2:8\n  |\n\
         2 |   url: https://sms.exemple.fr/send?to={too}&text={text}\n  \
         |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  = help: did you mean `to`?\n\n"
    );
}

#[test]
fn every_provider_is_right_as_soon_as_all_it_needs_is_written() {
    let auth = "user: u, password: credential:p";
    let twilio = read_well(&format!("sms: {{ provider: twilio, from: '+33700000001', auth: {{ {auth} }} }}"));
    let twilio = twilio.sms.unwrap();
    assert_eq!(
        twilio.url.fill("", "", str::to_owned),
        "https://api.twilio.com/2010-04-01/Accounts/u/Messages.json"
    );
    assert!(
        matches!((&twilio.login, &twilio.body), (Login::Basic { .. }, SmsBody::Form(fields)) if fields.len() == 3)
    );
    for (provider, auth) in [
        ("brevo", "key: credential:k"),
        ("smsmode", "key: credential:k"),
        ("ovh", "account: sms-1, application: a, secret: credential:s, consumer: credential:c"),
    ] {
        let sms =
            read_well(&format!("sms: {{ provider: {provider}, from: Lavande, auth: {{ {auth} }} }}")).sms;
        let sms = sms.unwrap_or_else(|| panic!("{provider} is read"));
        assert_eq!(sms.method, Method::Post, "{provider}");
        assert!(matches!(&sms.body, SmsBody::Json(Json::Map(_))), "{provider}");
    }
}

#[test]
fn a_provider_says_what_it_lacks() {
    let text = "sms: { provider: twilio, auth: { user: u } }";
    let expected = [
        mistake("missing-key", "{ provider: twilio, auth: { user: u } }"),
        mistake("missing-key", "{ user: u }"),
    ];
    assert_eq!(mistakes(text), expected.concat());
    assert_eq!(mistakes("sms: { provider: twillio }"), mistake("unknown-name", "twillio"));
    let twice = "sms: { url: 'http://a.fr/{to}/{text}', auth: { token: t, user: u, password: p } }";
    assert_eq!(mistakes(twice), mistake("auth-twice", "{ token: t, user: u, password: p }"));
}

#[test]
fn the_address_of_a_provider_can_be_another() {
    let url = |url: &str| {
        let text =
            format!("sms: {{ provider: brevo, from: L, auth: {{ key: k }}, private: true, url: {url} }}");
        read_well(&text).sms.unwrap().url.fill("", "", str::to_owned)
    };
    assert_eq!(url("http://127.0.0.1:8025"), "http://127.0.0.1:8025/v3/transactionalSMS/send");
    assert_eq!(url("https://proxy.exemple.fr/"), "https://proxy.exemple.fr/v3/transactionalSMS/send");
    assert_eq!(url("https://proxy.exemple.fr/brevo"), "https://proxy.exemple.fr/brevo");
}

#[test]
fn a_gateway_of_ones_own_is_one_request() {
    let sms = read_well(
        "sms:\n  url: https://sms.exemple.fr/send?to={to.digits}&text={text}&key={key}\n  auth: { key: credential:k }\n  private: true\n",
    );
    let sms = sms.sms.unwrap();
    assert_eq!((sms.method, &sms.body, sms.private), (Method::Get, &SmsBody::Nothing, true));
    let filled = sms.url.fill("+33612345678", "à & b", crate::base::url::encoded);
    assert_eq!(filled, "https://sms.exemple.fr/send?to=33612345678&text=%C3%A0%20%26%20b&key=secret-of-k");
    let sms = read_well(
        "sms:\n  url: https://sms.exemple.fr/send\n  method: PUT\n  headers: { X-Key: credential:k }\n  \
         body: { list: [\"{to}\", true, 12, \"12\", null], say: \"{{{text}}}\" }\n",
    );
    let sms = sms.sms.unwrap();
    let SmsBody::Json(Json::Map(entries)) = &sms.body else { panic!("{:?}", sms.body) };
    assert_eq!(
        format!("{:?}", entries[0].1),
        "List([Text({to}), Literal(\"true\"), Literal(\"12\"), Text(12), Literal(\"null\")])"
    );
    let Json::Text(say) = &entries[1].1 else { panic!("{entries:?}") };
    assert_eq!((say.fill("", "x", str::to_owned), say.has(&Part::Text)), ("{x}".to_owned(), true));
    assert_eq!(sms.method, Method::Put);
}

#[test]
fn mistakes_of_a_gateway_are_told() {
    let url = |url: &str| mistakes(&format!("sms:\n  url: \"{url}\"\n"));
    for text in [
        "sms.exemple.fr/{to}/{text}",
        "ftp://a.fr/{to}/{text}",
        "https://{to}.fr/{text}",
        "https://u:p@a.fr/{to}{text}",
    ] {
        assert_eq!(url(text), mistake("bad-value", &format!("\"{text}\"")), "{text}");
    }
    assert_eq!(url("https://a.fr/{to}"), mistake("placeholder-missing", "url: \"https://a.fr/{to}\""));
    assert_eq!(url("https://a.fr/{to}/{text}/{from}")[0].0, "unknown-placeholder");
    assert_eq!(url("https://a.fr/{to}/{text")[0].0, "unknown-placeholder");
    assert_eq!(
        mistakes("sms: { url: 'https://a.fr/{text}', body: { to: {to} } }"),
        mistake("placeholder-bare", "{to}")
    );
    assert_eq!(
        mistakes("sms: { url: 'https://a.fr/', content: form, body: { to: {to}, text: '{text}' } }")[0],
        mistake("not-a-text", "{to}")[0]
    );
    let clear = "sms: { url: 'http://a.fr/{to}/{text}', auth: { key: k } }";
    assert_eq!(mistakes(clear), mistake("password-in-clear", "{ key: k }"));
    assert_eq!(mistakes("sms: { from: x }"), mistake("missing-key", "{ from: x }"));
}

#[test]
fn a_mail_server_has_usual_ports() {
    let mail = |more: &str| {
        let text =
            format!("mail: {{ server: smtp.exemple.fr, from: 'Maison Lavande <svi@exemple.fr>'{more} }}");
        read_well(&text).mail.unwrap()
    };
    let usual = mail(", user: svi, password: credential:p");
    assert_eq!((usual.port, usual.security), (587, Security::StartTls));
    assert_eq!(usual.login.unwrap().1.reveal(), "secret-of-p");
    assert_eq!(mail(", security: tls").port, 465);
    assert_eq!(mail(", security: none").port, 25);
    assert_eq!(mail(", port: 2525").port, 2525);
    let local = read_well("mail: { server: '[::1]', from: a@b.fr, security: none, user: u, password: p }");
    assert_eq!(local.mail.unwrap().server, "::1");
}

#[test]
fn a_password_does_not_travel_in_clear() {
    let text = "mail: { server: smtp.exemple.fr, from: a@b.fr, security: none, user: u, password: p }";
    assert_eq!(mistakes(text), mistake("password-in-clear", "p"));
    assert_eq!(
        mistakes("mail: { server: 'smtp.exemple.fr:25', from: a@b.fr }"),
        mistake("bad-value", "'smtp.exemple.fr:25'")
    );
    assert_eq!(
        mistakes("mail: { server: a.fr, from: a@b.fr, user: u }"),
        mistake("missing-key", "{ server: a.fr, from: a@b.fr, user: u }")
    );
    assert_eq!(
        mistakes("mail: { server: a.fr, from: svi <svi>, port: 25 }"),
        mistake("bad-value", "svi <svi>")
    );
    assert_eq!(mistakes("mail: { server: a.fr, from: 'svi <a@b.fr> x' }")[0].0, "bad-value");
}
