//! Valid call flows, scrambled: octets flipped, messages lost, repeated, reordered, or come from other addresses. Whatever
//! comes, no law is broken, memory is bounded by what the peers may have, and in the end nothing is left.

use proptest::prelude::*;
use svi::sip::transport::Protocol;

use crate::bench::{Bench, PEER, SDP, STRANGER, cancel, in_dialog, invite, tag};
use crate::property;
use crate::support::{FLOW, SITE, edition};

/// One thing that a peer does in its call; the tag that it needs is read from the last 200 of that call.
#[derive(Clone, Debug)]
enum Move {
    Invite,
    Offerless,
    Ack,
    Cancel,
    Bye,
    Key(char),
    Reinvite(&'static str),
    Update,
    Refer,
    /// 200 to whatever we asked last.
    Agree,
    Wait(u64),
}

/// What befalls it on its way.
#[derive(Clone, Debug)]
enum Fate {
    Arrives,
    IsLost,
    Comes(u8),
    /// It is held back until the next one has come.
    IsOvertaken,
    IsFlipped(usize, u8),
    IsCut(usize),
    ComesFrom(&'static str),
    ComesOnAStream,
}

#[derive(Clone, Debug)]
struct Step {
    call: u8,
    what: Move,
    fate: Fate,
}

fn moves() -> impl Strategy<Value = Move> {
    let key = prop::sample::select(vec!['0', '1', '2', '3', '4', '9', '#']);
    prop_oneof![
        4 => Just(Move::Invite),
        1 => Just(Move::Offerless),
        5 => Just(Move::Ack),
        1 => Just(Move::Cancel),
        1 => Just(Move::Bye),
        4 => key.prop_map(Move::Key),
        1 => prop::sample::select(vec!["sendrecv", "sendonly", "inactive"]).prop_map(Move::Reinvite),
        1 => Just(Move::Update),
        1 => Just(Move::Refer),
        2 => Just(Move::Agree),
        4 => (1..8_000_u64).prop_map(Move::Wait),
    ]
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        10 => Just(Fate::Arrives),
        1 => Just(Fate::IsLost),
        1 => (2..4_u8).prop_map(Fate::Comes),
        1 => Just(Fate::IsOvertaken),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(place, octet)| Fate::IsFlipped(place, octet)),
        1 => any::<usize>().prop_map(Fate::IsCut),
        1 => prop::sample::select(vec![STRANGER, "10.1.0.77:5060", "10.1.0.9:9"]).prop_map(Fate::ComesFrom),
        1 => Just(Fate::ComesOnAStream),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..4_u8, moves(), fates()).prop_map(|(call, what, fate)| Step { call, what, fate });
    prop::collection::vec(step, 1..60)
}

/// The peer's side of its calls.
#[derive(Default)]
struct Peer {
    tags: [String; 4],
    sequences: [u32; 4],
    asked: Option<String>,
    held: Option<Vec<u8>>,
}

impl Peer {
    fn text(&mut self, step: &Step) -> Option<String> {
        let call = usize::from(step.call);
        let name = format!("c{call}");
        let ours = self.tags[call].clone();
        let mut inside = |method: &str, rest: &str| {
            self.sequences[call] += 1;
            in_dialog(method, &name, self.sequences[call] + 1, &ours, rest)
        };
        Some(match &step.what {
            Move::Invite => invite(&name, ""),
            Move::Offerless => invite(&name, "").split_once("Content-Type").unwrap().0.to_owned() + "\r\n",
            Move::Ack => {
                in_dialog("ACK", &name, 1, &ours, &format!("Content-Type: application/sdp\r\n\r\n{SDP}"))
            }
            Move::Cancel => cancel(&name),
            Move::Bye => inside("BYE", ""),
            Move::Key(key) => inside("INFO", &format!("Content-Type: application/dtmf\r\n\r\n{key}")),
            Move::Reinvite(direction) => {
                inside("INVITE", &format!("Content-Type: application/sdp\r\n\r\n{SDP}a={direction}\r\n"))
            }
            Move::Update => inside("UPDATE", &format!("Content-Type: application/sdp\r\n\r\n{SDP}")),
            Move::Refer => inside("REFER", "Refer-To: <sip:evil@203.0.113.7>\r\n\r\n"),
            Move::Agree => agreed(self.asked.as_ref()?),
            Move::Wait(_) => return None,
        })
    }

    /// Takes what was sent: tags of ours, and the last request.
    fn listen(&mut self, bench: &mut Bench) {
        for text in bench.texts() {
            if !text.starts_with("SIP/2.0") {
                self.asked = Some(text);
            } else if text.starts_with("SIP/2.0 200") && text.contains(" INVITE\r\n") {
                let call = (0..4).find(|call| text.contains(&format!("Call-ID: c{call}\r\n")));
                if let Some(call) = call {
                    self.tags[call] = tag(&text);
                }
            }
        }
    }
}

/// The 200 of a request of ours.
fn agreed(request: &str) -> String {
    let copied = ["Via:", "From:", "To:", "Call-ID:", "CSeq:"];
    let lines = request.lines().filter(|line| copied.iter().any(|name| line.starts_with(name)));
    let lines: Vec<String> = lines
        .map(|line| {
            if line.starts_with("To:") && !line.contains("tag=") {
                format!("{line};tag=t")
            } else {
                line.into()
            }
        })
        .collect();
    format!(
        "SIP/2.0 200 OK\r\n{}\r\nContact: <sip:bob@10.1.0.9:5060>\r\nContent-Type: application/sdp\r\n\r\n{SDP}",
        lines.join("\r\n")
    )
}

fn play(bench: &mut Bench, peer: &mut Peer, step: &Step) {
    if let Move::Wait(millis) = step.what {
        bench.run_to(bench.millis + millis);
        return peer.listen(bench);
    }
    let Some(text) = peer.text(step) else { return };
    let mut bytes = text.into_bytes();
    let (mut times, mut source, mut protocol) = (1, PEER, Protocol::Udp);
    match step.fate {
        Fate::Arrives => {}
        Fate::IsLost => times = 0,
        Fate::Comes(count) => times = count,
        Fate::IsOvertaken => times = 0,
        Fate::IsFlipped(place, octet) => {
            let place = place % bytes.len();
            bytes[place] ^= octet;
        }
        Fate::IsCut(place) => bytes.truncate(place % bytes.len()),
        Fate::ComesFrom(other) => source = other,
        Fate::ComesOnAStream => protocol = Protocol::Tcp,
    }
    for _ in 0..times {
        bench.hear_bytes(protocol, source.parse().unwrap(), &bytes);
    }
    if let Some(held) = peer.held.take() {
        bench.hear_bytes(Protocol::Udp, PEER.parse().unwrap(), &held);
    }
    if matches!(step.fate, Fate::IsOvertaken) {
        peer.held = Some(bytes);
    }
    peer.listen(bench);
}

fn registered() -> Bench {
    // Its agents have telephone numbers, so that calls leave by the trunk without a registration.
    let site = SITE.replace("sip: alice, password: alice", "phone: 06 12 34 56 78, confirm: 1");
    let site = site.replace("sip: bruno, password: bruno", "phone: 06 12 34 56 79");
    Bench::new(edition(&site, FLOW))
}

proptest! {
    #![proptest_config(property::cases(128))]

    #[test]
    fn whatever_comes_no_law_is_broken_and_nothing_stays(steps in steps()) {
        // Each input is followed by a look at `violations()` (see the bench).
        let (mut bench, mut peer) = (registered(), Peer::default());
        for step in &steps {
            play(&mut bench, &mut peer, step);
            // Flipped names make calls of their own; a call rings two phones at the most.
            let most = steps.len();
            prop_assert!(bench.board.calls_len() <= most, "more calls than messages");
        }
        bench.assert_nothing_stays();
    }

    #[test]
    fn noise_makes_no_call(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut bench = registered();
        bench.hear_bytes(Protocol::Udp, PEER.parse().unwrap(), &bytes);
        prop_assert!(bench.sent.is_empty());
        bench.assert_nothing_stays();
    }
}

/// Without scrambling, calls like these do reach a walk, a queue and a phone: the property above is not empty.
#[test]
fn the_calls_that_are_scrambled_are_real_ones() {
    let (mut bench, mut peer) = (registered(), Peer::default());
    let mut run = |what: Move| {
        let step = Step { call: 0, what, fate: Fate::Arrives };
        play(&mut bench, &mut peer, &step);
    };
    for what in [Move::Invite, Move::Ack, Move::Wait(4_000), Move::Key('1'), Move::Wait(1_500)] {
        run(what);
    }
    assert!(peer.asked.as_ref().is_some_and(|text| text.starts_with("INVITE")), "a phone is rung");
    play(&mut bench, &mut peer, &Step { call: 0, what: Move::Agree, fate: Fate::Arrives });
    assert_eq!(bench.board.calls_len(), 1);
    bench.assert_nothing_stays();
}
