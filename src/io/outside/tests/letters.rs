//! Letters on the disk, and text messages against a local gateway.

use super::server::{Server, answer as said, ok};
use super::smtp::FakeSmtp;
use super::*;
use crate::base::time::Wall;
use crate::config::outside::{Json, Login, Part, Sms, SmsBody, Template};
use crate::config::site::Secret;
use crate::io::outside::spool::{Content, Refusal, Verdict};

const NOON: Wall = Wall::from_epoch_ms(1_800_000_000_000);

fn after(seconds: u64) -> Wall {
    NOON + Duration::from_secs(seconds)
}

fn sms_to(to: &str) -> Content {
    Content::Sms { to: to.into(), text: "Votre colis est prêt".into() }
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "failed");
    names.sort();
    names
}

fn later(why: &str) -> Refusal {
    Refusal::passing(why)
}

#[test]
fn a_letter_survives_a_kill_at_any_moment() {
    let folder = Folder::new("kill");
    let outbox = folder.folders().outbox;
    let (mut spool, told) = Spool::open(&outbox, Rng::seeded(1), NOON).unwrap();
    assert!(told.is_empty());
    spool.write("id-1", sms_to("+33612345678"), NOON).unwrap();
    let (name, letter) = spool.take_due(NOON).unwrap();
    assert_eq!(spool.take_due(NOON), None, "it is being tried");
    // Killed in the midst of a try, and of writing another letter; and somebody's broken file lies there.
    drop(spool);
    std::fs::write(outbox.join("9-half.json.part"), "{\"id\": \"9\", \"wri").unwrap();
    std::fs::write(outbox.join("8-broken.json"), "{\"id\": \"8\"").unwrap();
    let (mut spool, told) = Spool::open(&outbox, Rng::seeded(2), after(60)).unwrap();
    let told: Vec<String> = told.iter().map(Text::english).collect();
    assert!(told.len() == 1 && told[0].contains("8-broken.json"), "{told:?}");
    assert_eq!(files(&outbox), std::slice::from_ref(&name));
    assert_eq!(files(&outbox.join("failed")), ["8-broken.json"]);
    assert_eq!(spool.take_due(after(60)), Some((name.clone(), letter)));
    spool.delivered(&name);
    assert_eq!((files(&outbox).len(), spool.len()), (0, 0));
}

#[test]
fn a_refused_letter_waits_ever_longer_through_restarts_and_is_given_up_after_a_day() {
    let folder = Folder::new("retry");
    let outbox = folder.folders().outbox;
    let (mut spool, _) = Spool::open(&outbox, Rng::seeded(1), NOON).unwrap();
    spool.write("id-1", sms_to("+33612345678"), NOON).unwrap();
    let (mut now, mut tries) = (NOON, 0);
    let name = loop {
        let wait = spool.next_due(now).unwrap();
        if !wait.is_zero() {
            assert_eq!(spool.take_due(now + (wait - Duration::from_millis(1))), None, "not before its time");
        }
        now = now + wait;
        let (name, letter) = spool.take_due(now).unwrap();
        assert_eq!((letter.tries, &*letter.id), (tries, "id-1"));
        tries += 1;
        if spool.refused(&name, &later("451 come back"), now) == Verdict::GivenUp {
            break name;
        }
        // Each time another process goes on with it.
        spool = Spool::open(&outbox, Rng::seeded(u64::from(tries)), now).unwrap().0;
    };
    assert_eq!(now.epoch_ms() - NOON.epoch_ms(), 86_400_000);
    assert!((11..=15).contains(&tries), "{tries}");
    assert_eq!((files(&outbox).len(), files(&outbox.join("failed"))), (0, vec![name.clone()]));
    let text = std::fs::read_to_string(outbox.join("failed").join(&name)).unwrap();
    assert!(text.contains("\"why\":\"451 come back\"") && text.contains("prêt"), "{text}");
    // The operator moves it back: it has another day.
    std::fs::rename(outbox.join("failed").join(&name), outbox.join(&name)).unwrap();
    let (mut spool, _) = Spool::open(&outbox, Rng::seeded(9), now).unwrap();
    let (name, _) = spool.take_due(now).unwrap();
    assert!(matches!(spool.refused(&name, &later("x"), now), Verdict::Again(_)));
}

#[test]
fn who_asks_to_wait_is_not_asked_before() {
    let folder = Folder::new("wait");
    let (mut spool, _) = Spool::open(&folder.folders().outbox, Rng::seeded(1), NOON).unwrap();
    spool.write("id-1", sms_to("+33612345678"), NOON).unwrap();
    let waits = |seconds| Refusal { after: Some(Duration::from_secs(seconds)), ..later("429") };
    let (name, _) = spool.take_due(NOON).unwrap();
    assert_eq!(spool.refused(&name, &waits(900), NOON), Verdict::Again(Duration::from_secs(900)));
    assert_eq!(spool.take_due(after(899)), None);
    let (name, _) = spool.take_due(after(900)).unwrap();
    let Verdict::Again(pause) = spool.refused(&name, &waits(1), after(900)) else { panic!("again") };
    assert!(pause >= Duration::from_secs(24), "a short one does not shorten ours: {pause:?}");
    let (name, _) = spool.take_due(after(1_800)).unwrap();
    let Verdict::Again(pause) = spool.refused(&name, &waits(1_000_000), after(1_800)) else {
        panic!("again")
    };
    assert_eq!(pause, Duration::from_secs(86_400 - 1_800), "nor does a long one outlive the letter");
}

#[test]
fn what_is_refused_for_good_is_given_up_at_once() {
    let folder = Folder::new("good");
    let (mut spool, _) = Spool::open(&folder.folders().outbox, Rng::seeded(1), NOON).unwrap();
    spool.write("id-1", sms_to("+33612345678"), NOON).unwrap();
    let (name, _) = spool.take_due(NOON).unwrap();
    let refusal = Refusal::for_good("550 nobody");
    assert_eq!(spool.refused(&name, &refusal, NOON), Verdict::GivenUp);
    assert_eq!((spool.len(), spool.next_due(NOON)), (0, None));
}

#[test]
fn clocks_that_were_set_back_keep_no_letter_for_years() {
    let folder = Folder::new("clock");
    let outbox = folder.folders().outbox;
    let (mut spool, _) = Spool::open(&outbox, Rng::seeded(1), NOON).unwrap();
    spool.write("id-1", sms_to("+33612345678"), after(10 * 365 * 86_400)).unwrap();
    let (spool, _) = Spool::open(&outbox, Rng::seeded(1), NOON).unwrap();
    assert_eq!(spool.next_due(NOON), Some(Duration::from_secs(86_400)));
}

#[test]
fn letters_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("mode");
    let outbox = folder.folders().outbox;
    let (mut spool, _) = Spool::open(&outbox, Rng::seeded(1), NOON).unwrap();
    spool.write("id-1", sms_to("+33612345678"), NOON).unwrap();
    let mode = std::fs::metadata(outbox.join(&files(&outbox)[0])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// What a site says of its gateway, read as a site is.
fn gateway(section: &str) -> Shared {
    let text = format!("svi: 1\nsms: {section}\n");
    let source = crate::base::diagnostic::Source::new("site.yaml", text);
    let credential = |name: &str| Some(format!("{name}!"));
    let (site, report) = crate::config::read(&[source], &Default::default(), false, &credential);
    assert_eq!(report.to_string(), "");
    site.shared
}

/// The requests that a letter leads to, as the gateway receives them: request line, headers in order, body.
async fn sent(shared: Shared, server: &mut Server) -> (String, Vec<String>, String) {
    let folder = Folder::new(&format!("sms-{}", server.address.port()));
    let (outside, mut news) = Outside::start(Arc::new(shared), folder.folders(), Rng::seeded(1)).unwrap();
    outside.send(Letter::Sms { to: "+33612345678".into(), text: "À \"12h\" & 5 €\n{fin}".into() });
    let request = tokio::select! {
        request = server.next() => request,
        Some(news) = news.recv() => panic!("{news:?}"),
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    let first = lines.remove(0);
    lines.retain(|line| !line.starts_with("user-agent:") && !line.starts_with("accept"));
    lines.sort();
    // Delivered: its file goes.
    while !files(&folder.folders().outbox).is_empty() {
        tokio::task::yield_now().await;
    }
    (first, lines, body.to_owned())
}

#[tokio::test]
async fn twilio_is_sent_a_form_with_basic_credentials() {
    let mut server = Server::start(|_| said("201 Created", "", "{}")).await;
    let url = server.url("");
    let shared = gateway(&format!(
        "{{ provider: twilio, url: '{url}', private: true, from: '+33700000001', auth: {{ user: AC1, password: credential:token }} }}"
    ));
    let (line, headers, body) = sent(shared, &mut server).await;
    assert_eq!(line, "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1");
    let body_sent = "To=%2B33612345678&From=%2B33700000001&Body=%C3%80+%2212h%22+%26+5+%E2%82%AC%0A%7Bfin%7D";
    assert_eq!(body, body_sent);
    let expected = [
        "authorization: Basic QUMxOnRva2VuIQ==".to_owned(),
        format!("content-length: {}", body_sent.len()),
        "content-type: application/x-www-form-urlencoded".to_owned(),
        format!("host: {}", server.address),
    ];
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn brevo_is_sent_json_with_a_key() {
    let mut server = Server::start(|_| ok("{}")).await;
    let url = server.url("");
    let shared = gateway(&format!(
        "{{ provider: brevo, url: '{url}', private: true, from: Lavande, auth: {{ key: credential:key }} }}"
    ));
    let (line, headers, body) = sent(shared, &mut server).await;
    assert_eq!(line, "POST /v3/transactionalSMS/send HTTP/1.1");
    assert_eq!(
        body,
        r#"{"content":"À \"12h\" & 5 €\n{fin}","recipient":"33612345678","sender":"Lavande","type":"transactional","unicodeEnabled":true}"#
    );
    let expected = [
        "api-key: key!".to_owned(),
        format!("content-length: {}", body.len()),
        "content-type: application/json".to_owned(),
        format!("host: {}", server.address),
    ];
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn ovh_is_sent_json_that_is_signed() {
    let mut server = Server::start(|_| ok("{}")).await;
    let url = server.url("");
    let shared = gateway(&format!(
        "{{ provider: ovh, url: '{url}', private: true, from: Lavande, auth: {{ account: sms-1, application: app, secret: credential:as, consumer: credential:ck }} }}"
    ));
    let (line, headers, body) = sent(shared, &mut server).await;
    assert_eq!(line, "POST /1.0/sms/sms-1/jobs HTTP/1.1");
    let value = |name: &str| {
        let line = headers.iter().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} in {headers:?}")).to_owned()
    };
    assert_eq!((value("x-ovh-application"), value("x-ovh-consumer")), ("app".to_owned(), "ck!".to_owned()));
    // Signed again, from what was received.
    use sha1::{Digest, Sha1};
    let signed = format!("as!+ck!+POST+{url}/1.0/sms/sms-1/jobs+{body}+{}", value("x-ovh-timestamp"));
    let digest: String = Sha1::digest(signed.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(value("x-ovh-signature"), format!("$1${digest}"));
    assert!(
        body.contains(r#""receivers":["+33612345678"]"#) && body.contains(r#""noStopClause":true"#),
        "{body}"
    );
}

#[test]
fn the_signature_of_ovh_is_that_of_sha1sum() {
    let secret = |text: &str| Secret::new(text);
    let login = Login::Ovh { application: secret("AK"), secret: secret("AS"), consumer: secret("CK") };
    let template = |parts: Vec<Part>| Template(parts);
    let sms = Sms {
        method: Method::Post,
        url: template(vec![Part::Fixed("https://eu.api.ovh.com/1.0/sms".into())]),
        headers: Vec::new(),
        body: SmsBody::Json(Json::Map(vec![("to".into(), Json::Text(template(vec![Part::To])))])),
        login,
        private: false,
        timeout: Duration::from_secs(1),
        accepted: Default::default(),
        certificate: None,
    };
    let request = sms::request(&sms, "+336", "x", Wall::from_epoch_ms(1_366_560_945_999));
    // printf '%s' 'AS+CK+POST+https://eu.api.ovh.com/1.0/sms+{"to":"+336"}+1366560945' | sha1sum
    let signature = request.headers.iter().find(|(name, _)| name == "X-Ovh-Signature").unwrap();
    assert_eq!(signature.1, "$1$29e2b4d86af006091263313e566a3e59527102c0");
}

#[tokio::test]
async fn a_gateway_that_says_no_is_told_to_the_operator() {
    let mut server = Server::start(|_| said("400 Bad", "", r#"{"message":"no credit"}"#)).await;
    let shared = gateway(&format!(
        "{{ url: '{}?to={{to}}', private: true, body: {{ t: \"{{text}}\" }} }}",
        server.url("/send")
    ));
    let folder = Folder::new("no");
    let (outside, mut news) = Outside::start(Arc::new(shared), folder.folders(), Rng::seeded(1)).unwrap();
    outside.send(Letter::Sms { to: "+33612345678".into(), text: "x".into() });
    assert!(server.next().await.starts_with("POST /send?to=%2B33612345678 HTTP/1.1\r\n"));
    let Some(News::Alarm(text)) = news.recv().await else { panic!("an alarm") };
    assert!(
        text.english().ends_with("the gateway says 400 {\"message\":\"no credit\"}"),
        "{}",
        text.english()
    );
    assert_eq!(files(&folder.folders().outbox.join("failed")).len(), 1);
    outside.send(Letter::Sms { to: "0612345678".into(), text: "x".into() });
    let Some(News::Alarm(text)) = news.recv().await else { panic!("an alarm") };
    assert_eq!(text.english(), "a letter is not sent: it is for no telephone number");
}

#[tokio::test]
async fn letters_of_an_earlier_process_are_sent_at_the_start() {
    let mut server = FakeSmtp::start(|_| None).await;
    let folder = Folder::new("restart");
    let outbox = folder.folders().outbox;
    let long_ago = Clock::start().now().wall;
    let (mut spool, _) = Spool::open(&outbox, Rng::seeded(1), long_ago).unwrap();
    let email = Content::Email {
        recipient: "sav@exemple.fr".into(),
        to: vec!["sav@exemple.fr".into()],
        subject: "Message".into(),
        text: "bonjour".into(),
        attachments: vec![],
    };
    spool.write("id-7", email, long_ago).unwrap();
    drop(spool);
    std::fs::write(outbox.join("1-half.json.part"), "{").unwrap();
    let shared = Shared { mail: Some(server.mail()), ..Shared::default() };
    let (mut outside, _news) = Outside::start(Arc::new(shared), folder.folders(), Rng::seeded(2)).unwrap();
    let handed = server.handed.recv().await.unwrap();
    assert_eq!(handed.recipients, ["<sav@exemple.fr>"]);
    assert!(handed.message.contains("\r\nMessage-ID: <id-7@exemple.fr>\r\n"), "{}", handed.message);
    while !files(&outbox).is_empty() {
        tokio::task::yield_now().await;
    }
    outside.stop();
}
