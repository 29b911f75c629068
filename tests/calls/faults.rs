//! What goes wrong outside: ports, strangers, garbage, overload, the end of the server.

use svi::sim::network::Weather;
use svi::sim::world::World;
use svi::switchboard::{Event, Order};

use crate::support::{
    Caller, FLOW, SITE, answers_after, edition, length, never_answers, run, run_all, seconds, world,
};

#[test]
fn a_port_that_another_program_holds_is_passed_over() {
    let mut world = world(1, Weather::FAIR);
    // All but one of the fifty ports.
    world.taken_ports = (16_384..16_460).collect();
    Caller::new("0612345678").dials("0800123456").hears("Bienvenue.").hangs_up().enters(&mut world);
    world.run(seconds(60));
    assert_eq!(world.records.len(), 1);
}

#[test]
fn no_port_at_all_is_a_503_and_an_alarm() {
    let mut world = world(2, Weather::FAIR);
    world.taken_ports = (16_384..=16_483).collect();
    let caller = Caller::new("0612345678").dials("0800123456").enters(&mut world);
    run_all(&mut world, seconds(60));
    assert_eq!(world.phone(caller).refused, Some(503));
    assert!(world.events.iter().any(|(_, event)| matches!(event, Event::Alarm(_))));
}

#[test]
fn an_unknown_number_is_refused_before_anything_is_billed() {
    let mut world = world(3, Weather::FAIR);
    let caller = Caller::new("0612345678").dials("0899999999").enters(&mut world);
    run_all(&mut world, seconds(60));
    assert_eq!(world.phone(caller).refused, Some(404));
    let [record] = world.records.as_slice() else { panic!("{:?}", world.records) };
    let value: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
    assert_eq!((&value["status"], &value["answered"]), (&404.into(), &serde_json::Value::Null));
}

#[test]
fn garbage_on_the_port_disturbs_no_call() {
    let mut world = world(4, Weather::FAIR);
    Caller::new("0612345678").dials("0800123456").hears("Bienvenue.").hangs_up().enters(&mut world);
    for garbage in
        [&b""[..], b"\0\0\0\0", b"GET / HTTP/1.1\r\n\r\n", b"INVITE sip:x SIP/2.0\r\n\r\n", &[0xff; 2_000]]
    {
        world.garbage(garbage);
    }
    run(&mut world);
}

#[test]
fn a_drain_lets_calls_finish_and_lets_none_in() {
    let mut world = world(5, Weather::FAIR);
    world.agent("alice", answers_after(seconds(1)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .is_bridged_to("alice")
        .hangs_up_after(seconds(20))
        .enters(&mut world);
    world.run_for(seconds(15));
    world.order(Order::Drain(60));
    let late = Caller::new("0611111111").dials("0800123456").enters(&mut world);
    run_all(&mut world, seconds(120));
    assert_eq!(world.phone(late).refused, Some(503));
    assert_eq!(world.records.len(), 1);
    assert_eq!(world.records[0].reason.as_deref(), Some("bye"), "the call in progress ended by itself");
}

#[test]
fn a_caller_whose_line_dies_is_noticed() {
    let mut world = world(6, Weather::FAIR);
    world.agent("alice", never_answers());
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .presses("1")
        .waits(seconds(300))
        .hangs_up()
        .enters(&mut world);
    world.run_for(seconds(8));
    // From now on nothing arrives any more.
    world.weather(Weather { loss: 1_000, ..Weather::FAIR });
    world.run_for(seconds(120));
    let reasons: Vec<Option<&str>> = world.records.iter().map(|record| record.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("media timeout")]);
    assert_eq!(world.board().calls_len(), 0);
}

#[test]
fn a_trunk_carries_no_more_calls_than_it_has_channels() {
    let site = SITE.replace("outbound: 10.1.0.200 }", "outbound: 10.1.0.200, channels: 2 }");
    let mut world = World::new(edition(&site, FLOW), 8, Weather::FAIR, length);
    let dials = |number: &str| Caller::new(number).dials("0800123456").hears("Bienvenue.");
    dials("0612345671").hangs_up_after(seconds(2)).enters(&mut world);
    dials("0612345672").hangs_up_after(seconds(30)).enters(&mut world);
    world.run_for(seconds(1));
    let third = Caller::new("0612345673").dials("0800123456").enters(&mut world);
    world.run_for(seconds(20));
    assert_eq!(world.phone(third).refused, Some(486));
    // The first has hung up: its channel is free.
    dials("0612345674").hangs_up().enters(&mut world);
    run_all(&mut world, seconds(120));
    let status = |record: &svi::centre::record::CallRecord| -> u64 {
        let value: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
        value["status"].as_u64().unwrap()
    };
    let mut statuses: Vec<u64> = world.records.iter().map(status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 486]);
}

#[test]
fn who_is_taken_leave_of_hears_so_in_their_language() {
    let english = FLOW.replacen("svi: 1\n", "svi: 1\nlanguage: en\n", 1);
    let mut world = World::new(edition(SITE, &english), 6, Weather::FAIR, length);
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("en/interruption.wav")
        .is_hung_up_on()
        .enters(&mut world);
    world.run_for(seconds(12));
    world.order(Order::Drain(60));
    world.order(Order::TakeLeave);
    run_all(&mut world, seconds(20));
    assert_eq!(world.records.len(), 1);
}

#[test]
fn at_the_limit_of_a_drain_who_is_on_the_line_hears_why_before_the_call_ends() {
    let mut world = world(6, Weather::FAIR);
    world.agent("alice", answers_after(seconds(1)));
    world.run_for(seconds(1));
    Caller::new("0612345678")
        .dials("0800123456")
        .hears("Que souhaitez-vous faire ?")
        .hears("interruption.wav")
        .is_hung_up_on()
        .enters(&mut world);
    let caller = Caller::new("0612345679").dials("0800123456").presses("0");
    caller.is_bridged_to("alice").hears("interruption.wav").is_hung_up_on().enters(&mut world);
    world.run_for(seconds(12));
    world.order(Order::Drain(60));
    world.order(Order::TakeLeave);
    run_all(&mut world, seconds(20));
    assert_eq!(world.records.len(), 2);
    for record in &world.records {
        assert_eq!(record.reason.as_deref(), Some("drain limit reached"));
    }
}
