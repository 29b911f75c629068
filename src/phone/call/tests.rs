use super::*;
use crate::base::pii::Secret;
use crate::base::time::at;
use crate::phone::digest::Credentials;
use crate::phone::message::Transport;

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n";
const ANSWER: &str = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n";

fn line(port: u16, user: &str) -> Line {
    let credentials = Some(Credentials { user: user.into(), password: Secret::new("secret") });
    let local = format!("127.0.0.1:{port}").parse().unwrap();
    Line { transport: Transport::Udp, local, user: user.into(), host: "127.0.0.1".into(), credentials }
}

fn caller(now: Instant) -> Call {
    let target = "sip:0800123456@127.0.0.1:5060";
    Call::dial(line(5090, "0612345678"), target, OFFER.into(), Rng::seeded(1), now).unwrap()
}

/// All that a call has to say: the messages, and the events.
fn drain(call: &mut Call) -> (Vec<Message>, Vec<Event>) {
    let (mut sent, mut told) = (Vec::new(), Vec::new());
    while let Some(output) = call.poll() {
        match output {
            Output::Send(bytes) => sent.push(Message::read(&bytes).unwrap()),
            Output::Tell(event) => told.push(event),
        }
    }
    (sent, told)
}

fn titles(messages: &[Message]) -> Vec<String> {
    messages.iter().map(Message::title).collect()
}

/// A server's response to a request, with a Contact.
fn respond(request: &Message, status: u16, sdp: Option<&str>) -> Message {
    Message::read(&request.answer(status, "srv", Some("<sip:svi@127.0.0.1:5070>"), sdp)).unwrap()
}

/// Both phones, until neither has anything to say; gives what each was told.
fn exchange(now: Instant, a: &mut Call, b: &mut Call) -> (Vec<Event>, Vec<Event>) {
    let (mut told_a, mut told_b) = (Vec::new(), Vec::new());
    loop {
        let (from_a, events_a) = drain(a);
        let (from_b, events_b) = drain(b);
        told_a.extend(events_a);
        told_b.extend(events_b);
        if from_a.is_empty() && from_b.is_empty() {
            return (told_a, told_b);
        }
        from_a.iter().for_each(|message| b.message(now, message));
        from_b.iter().for_each(|message| a.message(now, message));
    }
}

/// Two phones in a call with each other.
fn talking() -> (Call, Call) {
    let mut a = caller(at(0));
    let (invite, _) = drain(&mut a);
    let mut b = Call::ring(line(5091, "alice"), invite[0].clone(), Rng::seeded(2));
    let (told_a, told_b) = exchange(at(10), &mut a, &mut b);
    assert_eq!(told_a, [Event::Progress(180, None)]);
    assert_eq!(told_b, [Event::Rung(Some(OFFER.into()))]);
    b.accept(at(20), ANSWER.into());
    let (told_a, told_b) = exchange(at(20), &mut a, &mut b);
    assert_eq!(told_a, [Event::Answered(Some(ANSWER.into()))]);
    assert_eq!(told_b, [Event::Confirmed(None)]);
    (a, b)
}

#[test]
fn two_phones_talk_and_either_hangs_up() {
    let (mut a, mut b) = talking();
    a.hang_up(at(1_000));
    let (told_a, told_b) = exchange(at(1_000), &mut a, &mut b);
    assert_eq!((told_a, told_b), (vec![Event::Ended(End::HungUp)], vec![Event::Ended(End::HungUpThere)]));
    let (mut a, mut b) = talking();
    b.hang_up(at(1_000));
    let (told_a, told_b) = exchange(at(1_000), &mut a, &mut b);
    assert_eq!((told_a, told_b), (vec![Event::Ended(End::HungUpThere)], vec![Event::Ended(End::HungUp)]));
    assert!(a.is_over() && b.is_over() && a.wake().is_none());
}

#[test]
fn an_unanswered_invite_is_repeated_then_given_up() {
    let mut call = caller(at(0));
    let first = drain(&mut call).0[0].branch();
    let mut repeats = 0;
    while let Some(wake) = call.wake() {
        call.tick(wake);
        let (sent, told) = drain(&mut call);
        repeats += sent.len();
        assert!(sent.iter().all(|message| message.branch() == first));
        if !told.is_empty() {
            assert_eq!(told, [Event::Ended(End::Silence("the INVITE"))]);
            assert_eq!(wake, at(32_000));
        }
    }
    assert_eq!(repeats, 6);
}

#[test]
fn a_challenge_is_answered_once() {
    let mut call = caller(at(0));
    let invite = drain(&mut call).0.remove(0);
    let challenge = |invite: &Message| {
        let text = String::from_utf8(invite.answer(401, "srv", None, None)).unwrap();
        let ask = "WWW-Authenticate: Digest realm=\"svi\", nonce=\"n\", qop=\"auth\"\r\nContent-Length";
        Message::read(text.replace("Content-Length", ask).as_bytes()).unwrap()
    };
    call.message(at(10), &challenge(&invite));
    let (sent, told) = drain(&mut call);
    assert_eq!(titles(&sent), ["ACK", "INVITE"]);
    assert_eq!((sent[0].branch(), told), (invite.branch(), vec![]));
    assert_ne!(sent[1].branch(), invite.branch());
    assert_eq!(sent[1].cseq().0, invite.cseq().0 + 1);
    call.message(at(20), &challenge(&sent[1]));
    assert_eq!(drain(&mut call).1, [Event::Ended(End::Refused(401))]);
}

#[test]
fn a_200_that_comes_again_is_acknowledged_again() {
    let mut call = caller(at(0));
    let invite = drain(&mut call).0.remove(0);
    let ok = respond(&invite, 200, Some(ANSWER));
    call.message(at(10), &ok);
    let first = drain(&mut call).0;
    call.message(at(510), &ok);
    let (again, told) = drain(&mut call);
    assert_eq!((titles(&again), told), (vec!["ACK".to_string()], vec![]));
    assert_eq!(again[0].branch(), first[0].branch());
    assert_eq!(again[0].cseq(), (1, Method::Ack));
}

#[test]
fn a_cancel_waits_for_a_1xx_and_shares_the_branch() {
    let mut call = caller(at(0));
    let invite = drain(&mut call).0.remove(0);
    call.hang_up(at(100));
    assert!(call.poll().is_none());
    call.message(at(200), &respond(&invite, 180, None));
    let (sent, _) = drain(&mut call);
    assert_eq!((titles(&sent), sent[0].branch()), (vec!["CANCEL".to_string()], invite.branch()));
    call.message(at(210), &respond(&sent[0], 200, None));
    call.message(at(220), &respond(&invite, 487, None));
    let (sent, told) = drain(&mut call);
    assert_eq!((titles(&sent), told), (vec!["ACK".to_string()], vec![Event::Ended(End::Cancelled)]));
}

#[test]
fn a_cancel_that_comes_too_late_ends_in_a_bye() {
    let mut call = caller(at(0));
    let invite = drain(&mut call).0.remove(0);
    call.message(at(10), &respond(&invite, 180, None));
    call.hang_up(at(20));
    call.message(at(30), &respond(&invite, 200, Some(ANSWER)));
    let (sent, told) = drain(&mut call);
    assert_eq!(titles(&sent), ["CANCEL", "ACK", "BYE"]);
    assert_eq!(told, [Event::Progress(180, None)]);
    call.message(at(40), &respond(&sent[2], 200, None));
    assert_eq!(drain(&mut call).1, [Event::Ended(End::Cancelled)]);
}

#[test]
fn the_called_side_repeats_its_200_until_the_ack_and_is_cancelled() {
    let invite = drain(&mut caller(at(0))).0.remove(0);
    let mut called = Call::ring(line(5091, "alice"), invite.clone(), Rng::seeded(2));
    called.accept(at(0), ANSWER.into());
    drain(&mut called);
    called.tick(at(500));
    assert_eq!(titles(&drain(&mut called).0), ["200 OK"]);
    called.message(at(600), &invite);
    assert_eq!(titles(&drain(&mut called).0), ["200 OK"]);
    while let Some(wake) = called.wake().filter(|wake| *wake < at(32_000)) {
        called.tick(wake);
    }
    drain(&mut called);
    called.tick(at(32_000));
    assert_eq!(titles(&drain(&mut called).0), ["BYE"]);

    let mut rung = Call::ring(line(5091, "alice"), invite.clone(), Rng::seeded(2));
    drain(&mut rung);
    let cancel = drain(&mut cancelled_caller(&invite)).0.remove(0);
    assert_eq!(cancel.cseq(), (1, Method::Cancel));
    rung.message(at(50), &cancel);
    let (sent, _) = drain(&mut rung);
    assert_eq!(titles(&sent), ["200 OK", "487 Request Terminated"]);
    assert_eq!(sent[1].cseq().1, Method::Invite);
}

/// The caller of that INVITE, with its CANCEL on the way.
fn cancelled_caller(invite: &Message) -> Call {
    let mut call = caller(at(0));
    drain(&mut call);
    call.message(at(10), &respond(invite, 180, None));
    drain(&mut call);
    call.hang_up(at(20));
    call
}

#[test]
fn a_reinvite_is_told_and_its_answer_repeated_until_the_ack() {
    let (mut a, mut b) = talking();
    let branch = b.branch();
    let hold = "v=0\r\na=sendonly\r\n";
    b.dialog.cseq += 1;
    let bytes = b.dialog.request(&b.line, Method::Invite, b.dialog.cseq, &branch, Some((SDP, hold)));
    let reinvite = Message::read(&bytes.unwrap()).unwrap();
    a.message(at(1_000), &reinvite);
    a.message(at(1_001), &reinvite);
    assert_eq!(drain(&mut a).1, [Event::Reoffered(Some(hold.into()))]);
    a.accept(at(1_010), ANSWER.into());
    assert_eq!(titles(&drain(&mut a).0), ["200 OK"]);
    a.tick(at(1_510));
    assert_eq!(titles(&drain(&mut a).0), ["200 OK"]);
    let ack = b.dialog.request(&b.line, Method::Ack, b.dialog.cseq, "z9hG4bKx", None).unwrap();
    a.message(at(1_520), &Message::read(&ack).unwrap());
    assert_eq!(drain(&mut a).1, [Event::Confirmed(None)]);
    assert_eq!(a.wake(), None);
}

#[test]
fn keys_go_one_info_after_the_other() {
    let (mut a, mut b) = talking();
    for key in ['4', '2', '#'] {
        a.info(at(100), Digit::from_char(key).unwrap());
    }
    let (_, told) = exchange(at(100), &mut a, &mut b);
    let keys: Vec<_> = told
        .iter()
        .map(|event| match event {
            Event::Key(key) => key.as_char(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, ['4', '2', '#']);
}

#[test]
fn repeats_after_the_end_are_answered_and_strangers_refused() {
    let (mut a, mut b) = talking();
    b.hang_up(at(1_000));
    let bye = drain(&mut b).0.remove(0);
    a.message(at(1_000), &bye);
    assert_eq!(titles(&drain(&mut a).0), ["200 OK"]);
    a.message(at(1_500), &bye);
    let (sent, told) = drain(&mut a);
    assert_eq!((titles(&sent), told), (vec!["200 OK".to_string()], vec![]));
}
