//! Our registrations at operators: challenge, refresh, failure, farewell.

use super::*;
use crate::base::pii::Secret;
use crate::base::time::Duration;
use crate::sip::transport::ConnectionId;

const OPERATOR: &str = "203.0.113.5:5060";
const CHALLENGE: &str =
    "WWW-Authenticate: Digest realm=\"op\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n\r\n";

fn trunk(password: &str) -> Config {
    let registration = Registration {
        registrar: "sip:sip.operateur.example".to_owned(),
        addresses: vec![OPERATOR.parse().unwrap()],
        protocol: Protocol::Udp,
        credentials: Credentials { user: "0800123456".to_owned(), password: Secret::new(password) },
        expires: Duration::from_secs(1_800),
    };
    Config { registrations: [("orange".into(), registration)].into(), ..config() }
}

fn state(bench: &mut Bench) -> TrunkState {
    match bench.event() {
        Event::Trunk(name, state) => {
            assert_eq!(name, "orange");
            state
        }
        other => panic!("{other:?}"),
    }
}

/// Registered for `expires` seconds.
fn registered(expires: u32) -> Bench {
    let mut bench = Bench::with(trunk("secret"));
    bench.run_to(0);
    let first = bench.only();
    assert!(first.starts_with("REGISTER sip:sip.operateur.example SIP/2.0\r\n"));
    assert_eq!(header(&first, HeaderName::To), "<sip:0800123456@sip.operateur.example>");
    assert_eq!(header(&first, HeaderName::Contact), "<sip:0800123456@192.0.2.1:5060>");
    bench.hear(&response(&first, 401, "o", CHALLENGE));
    let second = bench.only();
    assert!(header(&second, HeaderName::Authorization).contains("nc=00000001"));
    let contact = format!("Contact: <sip:0800123456@198.51.100.1:1>;expires={expires}\r\n\r\n");
    bench.hear(&response(&second, 200, "o", &contact));
    assert_eq!(state(&mut bench), TrunkState::Registered(Duration::from_secs(expires.into())));
    bench
}

#[test]
fn it_registers_answers_the_challenge_and_refreshes_early_with_the_same_nonce() {
    let mut bench = registered(1_800);
    bench.run_to(1_500_000);
    assert!(bench.sent.is_empty());
    while bench.sent.is_empty() {
        bench.run_to(bench.millis + 100);
    }
    assert!(bench.millis <= 1_620_100, "90 %");
    let refresh = bench.only();
    assert!(header(&refresh, HeaderName::Authorization).contains("nc=00000002"));
    let stale = CHALLENGE.replace("n1", "n2");
    bench.hear(&response(&refresh, 401, "o", &stale));
    let again = bench.only();
    assert!(header(&again, HeaderName::Authorization).contains("nonce=\"n2\""));
    bench.hear(&response(&again, 200, "o", "Expires: 100\r\n\r\n"));
    assert_eq!(state(&mut bench), TrunkState::Registered(Duration::from_secs(100)));
    bench.run_to(bench.millis + 47_000);
    assert!(bench.heads().is_empty());
    bench.run_to(bench.millis + 3_001);
    assert_eq!(bench.heads()[0], "REGISTER", "a short one is refreshed at half");
}

/// An operator that starts anew has forgotten us: on a stream its end tells.
#[test]
fn who_has_registered_by_a_stream_registers_again_when_it_is_gone() {
    let mut config = trunk("secret");
    config.registrations.values_mut().for_each(|it| it.protocol = Protocol::Tcp);
    let mut bench = Bench::with(config);
    bench.run_to(0);
    let first = bench.only();
    let granted = "Expires: 1800\r\nContent-Length: 0\r\n\r\n";
    bench.hear_by(Protocol::Tcp, OPERATOR, &response(&first, 200, "o", granted));
    assert_eq!(state(&mut bench), TrunkState::Registered(Duration::from_secs(1_800)));
    assert!(bench.endpoint.needs(ConnectionId(7)) && !bench.endpoint.needs(ConnectionId(8)));
    bench.endpoint.closed(at(bench.millis), ConnectionId(8));
    bench.run_to(10_000);
    assert!(bench.sent.is_empty());
    bench.endpoint.closed(at(bench.millis), ConnectionId(7));
    bench.run_to(10_400);
    assert!(bench.sent.is_empty(), "a thousand servers are not to come in the same moment");
    bench.run_to(13_001);
    assert_eq!(bench.heads(), ["REGISTER"]);
    assert!(!bench.endpoint.needs(ConnectionId(7)));
}

#[test]
fn what_is_granted_is_read_from_our_own_contact() {
    let mut bench = Bench::with(trunk("secret"));
    bench.run_to(0);
    let first = bench.only();
    // A telephone of the same account stands before us in the list.
    let contacts = "Contact: <sip:0800123456@192.0.2.77:5060>;expires=60\r\n\
                    Contact: <sip:0800123456@192.0.2.1:5060>;expires=1800\r\n\r\n";
    bench.hear(&response(&first, 200, "o", contacts));
    assert_eq!(state(&mut bench), TrunkState::Registered(Duration::from_secs(1_800)));
}

#[test]
fn a_public_address_keeps_our_port_and_is_for_peers_outside() {
    let mut config = trunk("secret");
    config.public_address = "203.0.113.7".parse().ok();
    config.listen = vec![(Protocol::Udp, "10.0.0.5:5070".parse().unwrap())];
    let contact = |config: Config| {
        let mut bench = Bench::with(config);
        bench.run_to(0);
        header(&bench.only(), HeaderName::Contact)
    };
    assert_eq!(contact(config.clone()), "<sip:0800123456@203.0.113.7:5070>");
    for registration in config.registrations.values_mut() {
        registration.addresses = vec!["10.0.0.9:5060".parse().unwrap()];
    }
    assert_eq!(contact(config), "<sip:0800123456@10.0.0.5:5070>");
}

#[test]
fn a_wrong_password_is_not_tried_twice_and_pauses_grow() {
    let mut bench = Bench::with(trunk("wrong"));
    bench.run_to(0);
    let mut least = 0;
    for round in 0..9 {
        let first = bench.only();
        bench.hear(&response(&first, 401, "o", CHALLENGE));
        let second = bench.only();
        bench.hear(&response(&second, 401, "o", &CHALLENGE.replace("n1", &format!("m{round}"))));
        let TrunkState::Failing { status: 401, again: delay, .. } = state(&mut bench) else { panic!() };
        let expected = (30 << round).min(300) * 1_000_u128;
        assert!((expected * 8 / 10..=expected * 12 / 10).contains(&delay.as_millis()), "{round}: {delay:?}");
        least += delay.as_micros().div_ceil(1_000) as u64;
        assert!(bench.heads().is_empty());
        bench.run_to(least);
    }
}

#[test]
fn silence_and_unreachable_hosts_are_failures_too() {
    let mut bench = Bench::with(trunk("secret"));
    bench.run_to(32_000);
    assert!(matches!(state(&mut bench), TrunkState::Failing { status: 0, .. }));
    bench.run_to(75_000);
    bench.act(|endpoint, now| endpoint.unreachable(now, Protocol::Udp, OPERATOR.parse().unwrap()));
    assert!(matches!(state(&mut bench), TrunkState::Failing { status: 0, .. }));
}

#[test]
fn a_registrar_of_several_addresses_is_asked_at_each_before_it_counts_as_gone() {
    let mut config = trunk("secret");
    let second = "203.0.113.6:5060";
    for registration in config.registrations.values_mut() {
        registration.addresses.push(second.parse().unwrap());
    }
    let mut bench = Bench::with(config);
    bench.run_to(0);
    let asked = |bench: &Bench| bench.sent.last().map(|(_, sent)| sent.remote.to_string());
    assert_eq!(asked(&bench).as_deref(), Some(OPERATOR));
    bench.run_to(32_000);
    assert_eq!((asked(&bench).as_deref(), bench.events.len()), (Some(second), 0));
    bench.run_to(64_000);
    assert!(matches!(state(&mut bench), TrunkState::Failing { status: 0, .. }), "none of them");
}

#[test]
fn who_reads_the_site_again_need_not_wait_for_the_next_try() {
    let mut bench = Bench::with(trunk("secret"));
    bench.run_to(0);
    let first = bench.only();
    bench.hear(
        &response(&first, 503, "o", "Retry-After: 600\r\n\r\n").replace("Service Unavailable", "Jusque 23h"),
    );
    let failing = state(&mut bench);
    assert!(failing.in_words().starts_with("not registered: 503 "), "{}", failing.in_words());
    bench.act(|endpoint, now| endpoint.configure(now, trunk("secret")));
    bench.run_to(10);
    assert_eq!(bench.heads(), ["REGISTER"]);
}

#[test]
fn retry_after_and_min_expires_are_obeyed() {
    let mut bench = Bench::with(trunk("secret"));
    bench.run_to(0);
    let first = bench.only();
    bench.hear(&response(&first, 423, "o", "Min-Expires: 3600\r\n\r\n"));
    let longer = bench.only();
    assert_eq!(header(&longer, HeaderName::Expires), "3600");
    bench.hear(&response(&longer, 503, "o", "Retry-After: 600\r\n\r\n"));
    let TrunkState::Failing { status: 503, again, .. } = state(&mut bench) else { panic!() };
    assert!((600..=660).contains(&again.as_secs()), "{again:?}");
}

#[test]
fn closing_unregisters() {
    let mut bench = registered(1_800);
    bench.act(|endpoint, now| endpoint.close(now));
    let last = bench.only();
    assert_eq!(header(&last, HeaderName::Expires), "0");
    assert!(has(&last, HeaderName::Authorization) && bench.endpoint.is_leaving());
    bench.hear(&response(&last, 200, "o", ""));
    bench.run_to(4_000_000);
    assert!(bench.heads().is_empty() && bench.events.is_empty());
    bench.assert_empty();
}

#[test]
fn a_changed_registration_registers_anew_and_an_unchanged_one_stays() {
    let mut bench = registered(1_800);
    bench.act(|endpoint, now| endpoint.configure(now, trunk("secret")));
    bench.run_to(1);
    assert!(bench.heads().is_empty());
    bench.act(|endpoint, now| endpoint.configure(now, trunk("new")));
    bench.run_to(2);
    assert_eq!(bench.heads(), ["REGISTER"]);
    bench.act(|endpoint, now| endpoint.configure(now, config()));
    let last = bench.texts().pop().unwrap();
    assert_eq!(header(&last, HeaderName::Expires), "0");
}
