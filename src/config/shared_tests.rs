use std::time::Duration;

use super::*;
use crate::base::time::{Date, Wall};
use crate::base::yaml;
use crate::centre::group::Order;
use crate::centre::hours::State;
use crate::config::site::Kept;
use crate::config::site::PublicAddress;

const REFERENCE: &str = include_str!("../../tests/data/site/site.yaml");

fn credential(name: &str) -> Option<String> {
    ["trunk-password", "alice", "bruno"].contains(&name).then(|| format!("secret of {name}\n"))
}

fn read_text(text: &str) -> (Shared, Report) {
    let mut report = Report::default();
    let source = Source::new("site.yaml", text);
    let root = yaml::parse(&source, &mut report).expect("YAML");
    let documents = [Document { source, root }];
    let prompts = BTreeSet::from([Name::from("attente.wav")]);
    check_sections(&documents, &mut report);
    let shared = read(&documents, &prompts, &mut report, &credential);
    (shared, report)
}

/// The code and the marked text of each mistake.
fn mistakes(text: &str) -> Vec<(String, String)> {
    let (_, report) = read_text(text);
    let errors = report.iter().filter(|told| told.severity == Severity::Error);
    errors.map(|d| (d.code.to_owned(), d.source.text[d.range.clone()].to_owned())).collect()
}

fn mistake(code: &str, marked: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), marked.to_owned())]
}

#[test]
fn the_reference_site_loads_clean() {
    let (site, report) = read_text(REFERENCE);
    assert!(!report.has_errors(), "{report}");
    let idle: Vec<&str> = report.iter().map(|told| &told.source.text[told.range.clone()]).collect();
    let expected = ["web", "record"];
    assert_eq!(idle, expected, "what this version does not carry out is told, and nothing else: {report}");
    assert_eq!(site.name, "maison-lavande");
    let server = &site.server;
    assert_eq!((server.udp[0].to_string(), server.tcp[0].port()), ("0.0.0.0:5060".to_owned(), 5_060));
    assert_eq!((server.ports, server.public_address), ((16_384, 32_767), PublicAddress::Auto));
    assert!(format!("{server:?}").contains("sqlite:///var/lib/svi/svi.db"));
    let line = &site.trunks["operateur"];
    assert!(line.trunk.accepts("192.0.2.11".parse().unwrap()) && line.trunk.trusted);
    let registration = line.registration.as_ref().unwrap();
    assert_eq!(
        (&*registration.user, registration.password.reveal()),
        ("0033972000000", "secret of trunk-password")
    );
    assert_eq!((&*line.outbound, line.trunk.called_number.len()), ("sip.operateur.example", 3));
    assert!(!format!("{site:?}").contains("secret of"), "passwords are not printed");
}

#[test]
fn the_reference_people_and_queues() {
    let (site, _) = read_text(REFERENCE);
    let chloe = &site.agents["chloe"];
    assert_eq!((&*chloe.title, chloe.phone.as_deref()), ("Chloé Petit", Some("+33612345678")));
    assert_eq!((chloe.confirm.map(|key| key.as_char()), chloe.account.is_none()), (Some('1'), true));
    assert!(site.agents["alice"].skills.contains("sav"));
    let queue = &site.queues["conseillers"];
    assert_eq!(queue.rules.agents, ["alice", "bruno", "chloe"].map(Name::from));
    assert_eq!((queue.rules.order, queue.rules.wrap_up), (Order::LongestIdle, Duration::from_secs(15)));
    assert_eq!((queue.target_percent, queue.rules.target), (80, Duration::from_secs(20)));
    assert_eq!(queue.position, Some(Duration::from_secs(45)));
    // What nothing reads is compared as it prints: a test that read it would hide that from the compiler.
    assert!(format!("{queue:?}").contains("record: false"));
    assert_eq!(site.mailboxes["reclamations"].keep, Some(Duration::from_secs(7_776_000)));
    assert_eq!(site.mailboxes["sav"].email, ["sav@exemple.fr"]);
    let centre = site.centre();
    assert!(centre.agents["chloe"].has_number && !centre.agents["bruno"].has_number);
}

#[test]
fn the_reference_calendar_campaign_and_tariff() {
    let (site, _) = read_text(REFERENCE);
    let shop = &site.hours["boutique"];
    let state = |text: &str| shop.state(Wall::parse(text).unwrap());
    assert_eq!(state("2026-11-24T10:00:00+01:00"), State::Open);
    assert_eq!(state("2027-05-17T10:00:00+02:00"), State::Holiday);
    assert_eq!(state("2026-12-24T13:00:00+01:00"), State::Open);
    assert_eq!(state("2026-12-26T10:00:00+01:00"), State::Closed);
    let day = |text: &str| Date::parse(text).unwrap();
    assert_eq!(site.campaign("+33800123457", day("2026-09-01")).map(Name::as_str), Some("catalogue-automne"));
    assert_eq!(site.campaign("+33800123457", day("2026-12-01")), None);
    assert_eq!(site.campaign("+33800123456", day("2026-09-01")), None);
    let tariff = &site.tariffs.all["numero-vert"];
    assert_eq!((tariff.monthly.as_micros(), tariff.from.len()), (15_000_000, 2));
}

#[test]
fn all_mistakes_are_told_at_once_each_at_its_place() {
    let text = "\
site: demo
server: { sip: { udp: svi.example:5060 } }
agents:
  alice: { sip: alice, password: credential:nobody }
queues:
  sav: { agents: [alise], ordre: longest-idle, wrap_up: 15 }
mailboxes:
  ../etc: { email: x }
";
    let found = mistakes(text);
    let expected = [
        ("bad-value", "svi.example:5060"),
        ("nothing-listens", "{ udp: svi.example:5060 }"),
        ("credential-missing", "credential:nobody"),
        ("unknown-key", "ordre"),
        ("not-a-duration", "15"),
        ("not-a-name", "../etc"),
        ("unknown-name", "alise"),
    ];
    assert_eq!(found, expected.map(|(code, marked)| (code.to_owned(), marked.to_owned())));
}

#[test]
fn a_message_shows_line_caret_and_what_was_meant() {
    let (_, report) =
        read_text("queues:\n  sav:\n    agents: [alise]\nagents:\n  alice: { phone: 06 12 34 56 78 }\n");
    assert_eq!(
        report.to_string(),
        "error[unknown-name]: there is no agent `alise`\n --> site.yaml:3:14\n  |\n3 |     agents: [alise]\n  |              ^^^^^\n  |\n  \
         = help: did you mean `alice`?\n\n"
    );
}

#[test]
fn trunks_say_who_may_call() {
    assert_eq!(mistakes("trunks: { op: { channels: 2 } }"), mistake("trunk-nobody", "{ channels: 2 }"));
    assert_eq!(
        mistakes("trunks: { op: { peers: [sip.op.example] } }")[0],
        mistake("bad-value", "sip.op.example")[0]
    );
    let twice = "trunks:\n  a: { peers: [192.0.2.1] }\n  b: { peers: [192.0.2.1] }\n";
    assert_eq!(mistakes(twice), mistake("peer-twice", "192.0.2.1"));
    let (site, report) = read_text(
        "trunks: { op: { peers: ['2001:db8::1', 192.0.2.0/24], channels: 30, dial: national, transport: tcp, trusted: false } }",
    );
    assert_eq!(report.to_string(), "");
    let line = &site.trunks["op"];
    assert_eq!((&*line.outbound, line.tcp, line.trunk.channels), ("[2001:db8::1]", true, Some(30)));
    assert!(!line.trunk.trusted && line.registration.is_none());
}

#[test]
fn people_can_be_reached() {
    assert_eq!(mistakes("agents: { a: { name: A } }"), mistake("agent-unreachable", "{ name: A }"));
    assert_eq!(mistakes("agents: { a: { phone: 112 } }"), mistake("emergency-number", "112"));
    assert_eq!(mistakes("agents: { a: { phone: bureau } }"), mistake("not-a-number", "bureau"));
    assert_eq!(mistakes("agents: { a: { sip: a } }"), mistake("missing-key", "{ sip: a }"));
    let twice = "agents:\n  a: { sip: x, password: p }\n  b: { sip: x, password: q }\n";
    assert_eq!(mistakes(twice), mistake("account-twice", "x"));
    assert_eq!(
        mistakes("queues: { q: { agents: [], music: atente.wav } }"),
        [mistake("nobody", "[]"), mistake("unknown-prompt", "atente.wav")].concat()
    );
}

#[test]
fn calendars_refuse_what_they_do_not_understand() {
    let week = |week: &str| mistakes(&format!("hours: {{ h: {{ week: {{ {week} }} }} }}"));
    assert_eq!(week("lum: 9h-12h"), mistake("bad-value", "lum"), "what cannot be read is no closing");
    assert_eq!(week("lun: fermé"), mistake("never-open", "{ week: { lun: fermé } }"));
    assert_eq!(week("lun: \"9h-13h, 12h-18h\""), mistake("not-hours", "\"9h-13h, 12h-18h\" "));
    assert_eq!(week("lun: 0h-23h59"), [], "it is a warning");
    assert_eq!(week("lun-mer: 9h-12h, mar: 14h-18h"), mistake("day-twice", "mar"));
    assert_eq!(week("lun: 9h-12h, mar: 9-12"), mistake("not-hours", "9-12"));
    assert_eq!(week("mon-fri: [9h-12h, 14h-18h], sat: closed"), []);
    let holidays = |holidays: &str| {
        mistakes(&format!("hours: {{ h: {{ week: {{ lun: 9h-12h }}, holidays: {holidays} }} }}"))
    };
    assert_eq!(holidays("frnace"), mistake("unknown-name", "frnace"));
    assert_eq!(holidays("none"), []);
    assert_eq!(
        holidays("{ region: alsace-moselle, add: [12-24, vendredi saint], remove: [Lundi de Pentecôte] }"),
        []
    );
    assert_eq!(holidays("{ remove: [lundi de paque] }"), mistake("unknown-name", "lundi de paque"));
    let zone = "hours: { h: { timezone: Europe/Paname, week: { lun: 9h-12h } } }";
    assert_eq!(mistakes(zone), mistake("bad-value", "Europe/Paname"));
}

#[test]
fn the_site_has_a_clock_and_calendars_go_by_it() {
    let zones = |text: &str| {
        let (site, report) = read_text(text);
        assert_eq!(report.to_string(), "");
        let hours = site.hours.values().map(|hours| hours.zone.clone()).collect::<Vec<_>>();
        (site.zone.to_string(), hours)
    };
    let hours = "hours:\n  a: { timezone: America/Guadeloupe, week: { lun: 9h-12h } }\n  b: { week: { lun: 9h-12h } }\n";
    let guadeloupe = || "America/Guadeloupe".to_owned();
    assert_eq!(zones(hours), ("Europe/Paris".to_owned(), vec![guadeloupe(), "Europe/Paris".to_owned()]));
    assert_eq!(
        zones(&format!("{hours}timezone: Indian/Reunion\n")),
        ("Indian/Reunion".to_owned(), vec![guadeloupe(), "Indian/Reunion".to_owned()])
    );
    assert_eq!(mistakes("timezone: Indian/Runion\n"), mistake("bad-value", "Indian/Runion"));
}

#[test]
fn durations_are_read_as_in_flows() {
    let (site, report) = read_text(
        "agents: { a: { phone: 06 12 34 56 78, confirm: star } }\n\
         queues: { q: { agents: [a], wrap_up: 0s, ring: 25 sec, position: every 1m30, target: 80% in 1 minute } }\n\
         mailboxes: { m: { longest: 1h30, keep: 3 jours } }\n",
    );
    assert!(!report.has_errors(), "{report}");
    let (queue, mailbox) = (&site.queues["q"], &site.mailboxes["m"]);
    let seconds = Duration::from_secs;
    assert_eq!((queue.rules.wrap_up, queue.rules.ring), (seconds(0), seconds(25)));
    assert_eq!((queue.position, queue.rules.target), (Some(seconds(90)), seconds(60)));
    assert_eq!(mailbox.longest, seconds(5_400));
    assert_eq!(mailbox.keep, Some(seconds(259_200)));
    let (site, _) = read_text("server: { keep: { records: 90 jours, messages: 7d } }");
    let (keep, usual) = (site.server.keep, Kept::default());
    assert_eq!((keep.records, keep.messages), (seconds(90 * 86_400), seconds(7 * 86_400)));
    assert_eq!((keep.journals, keep.callers), (usual.journals, usual.callers));
    assert_eq!(mistakes("server: { keep: { journals: 30 } }"), mistake("not-a-duration", "30"));
    assert_eq!(mistakes("mailboxes: { m: { keep: 30 } }"), mistake("not-a-duration", "30"));
    assert_eq!(mistakes("mailboxes: { m: { keep: 0s } }"), mistake("not-a-duration", "0s"));
}

#[test]
fn own_numbers_and_money_are_strict() {
    let campaign = |number: &str| mistakes(&format!("campaigns: {{ c: {{ number: {number} }} }}"));
    for number in ["3008", "3170", "112", "080012345", "+33 0800 123 456"] {
        assert_eq!(campaign(number), mistake("own-number", number));
    }
    assert_eq!(
        campaign("0800 123 457, from: 2026-12-01, until: 2026-09-01"),
        mistake("campaign-backwards", "2026-09-01")
    );
    assert_eq!(campaign("0800 123 457, tariff: vert"), mistake("unknown-name", "vert"));
    assert_eq!(mistakes("tariffs: { t: { monthly: 15 } }"), mistake("bad-value", "15"));
    assert_eq!(
        mistakes("tariffs: { t: { from_fixed: { step: 0s } } }"),
        mistake("step-zero", "{ step: 0s }")
    );
}

#[test]
fn sip_and_media_do_not_share_ports() {
    let text = "server: { sip: { udp: 0.0.0.0:20000 }, media: { ports: 16384-32767 } }";
    assert_eq!(mistakes(text), mistake("ports-overlap", "16384-32767"));
    let (site, report) =
        read_text("server: { sip: { tcp: ['[::]:5060', 127.0.0.1] }, limits: { calls: 50 } }");
    assert_eq!(report.to_string(), "");
    assert_eq!((site.server.udp.len(), site.server.tcp.len(), site.server.calls_max), (0, 2, 50));
}

#[test]
fn a_section_stands_in_one_file() {
    let documents = ["site: a", "site: b"].map(|text| {
        let source = Source::new(text, text);
        Document { root: yaml::parse(&source, &mut Report::default()).unwrap(), source }
    });
    let mut report = Report::default();
    check_sections(&documents, &mut report);
    assert_eq!(report.iter().map(|d| d.code).collect::<Vec<_>>(), ["section-twice"]);
}
