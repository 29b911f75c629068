//! Two endpoints call each other over a network that loses, doubles and delays: whatever it does, both ends agree, and
//! nothing is left over.

use std::collections::BTreeMap;

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::base::time::Duration;

const CALLER: &str = "192.0.2.9:5060";
const CALLEE: &str = "192.0.2.1:5060";

/// A network between two endpoints, and a clock.
struct Pair {
    ends: [Endpoint; 2],
    rng: Rng,
    loss_permille: u64,
    protocol: Protocol,
    millis: u64,
    flying: BTreeMap<(u64, u64), (usize, Datagram)>,
    events: [Vec<Event>; 2],
    count: u64,
}

impl Pair {
    fn new(seed: u64, loss_permille: u64, protocol: Protocol) -> Self {
        let mut rng = Rng::seeded(seed);
        let end = |address: &str, rng: &mut Rng| {
            let config = Config { listen: vec![(protocol, address.parse().unwrap())], ..Config::default() };
            Endpoint::new(config, rng.fork())
        };
        let ends = [end(CALLER, &mut rng), end(CALLEE, &mut rng)];
        Self {
            ends,
            rng,
            loss_permille,
            protocol,
            millis: 0,
            flying: BTreeMap::new(),
            events: [Vec::new(), Vec::new()],
            count: 0,
        }
    }

    fn drain(&mut self) {
        for end in 0..2 {
            while let Some(output) = self.ends[end].poll() {
                match output {
                    Output::Event(event) => self.events[end].push(event),
                    Output::Transmit(transmit) => self.fly(end, &transmit),
                }
            }
        }
    }

    fn fly(&mut self, from: usize, transmit: &Transmit) {
        let addresses: [SocketAddr; 2] = [CALLER.parse().unwrap(), CALLEE.parse().unwrap()];
        assert_eq!(transmit.remote, addresses[1 - from], "nobody else is spoken to");
        let copies = match self.protocol {
            Protocol::Tcp => 1,
            Protocol::Udp if self.rng.chance(self.loss_permille) => 0,
            Protocol::Udp if self.rng.chance(self.loss_permille) => 2,
            Protocol::Udp => 1,
        };
        for _ in 0..copies {
            // A stream keeps the order, a lossy network does not.
            let delay = if self.protocol == Protocol::Tcp { 20 } else { 5 + self.rng.below(80) };
            let datagram = Datagram {
                protocol: self.protocol,
                local: transmit.remote,
                remote: addresses[from],
                connection: None,
                bytes: transmit.bytes.clone(),
            };
            self.count += 1;
            self.flying.insert((self.millis + delay, self.count), (1 - from, datagram));
        }
    }

    /// Runs the world until `millis`.
    fn run_to(&mut self, millis: u64) {
        self.drain();
        loop {
            let arrival = self.flying.keys().next().map(|(at, _)| *at);
            let due = self
                .ends
                .iter()
                .filter_map(Endpoint::deadline)
                .map(|at| at.as_micros().div_ceil(1_000))
                .min();
            let Some(next) = arrival.into_iter().chain(due).min().filter(|next| *next <= millis) else {
                break;
            };
            self.millis = self.millis.max(next);
            while let Some(entry) = self.flying.first_entry().filter(|entry| entry.key().0 <= next) {
                let (to, datagram) = entry.remove();
                self.ends[to].receive(now(next), datagram);
                self.drain();
            }
            for end in &mut self.ends {
                end.timeout(now(self.millis));
            }
            self.drain();
        }
        self.millis = millis;
    }

    fn act<T>(&mut self, end: usize, what: impl FnOnce(&mut Endpoint, Now) -> T) -> T {
        let result = what(&mut self.ends[end], now(self.millis));
        self.drain();
        result
    }

    fn place(&mut self) -> InviteId {
        let invitation = Invitation {
            target: "sip:0800@192.0.2.1:5060".to_owned(),
            to: "sip:0800@192.0.2.1".to_owned(),
            remote: CALLEE.parse().unwrap(),
            protocol: self.protocol,
            timeout: Duration::from_secs(30),
            ..invitation()
        };
        self.act(0, |endpoint, now| endpoint.invite(now, invitation))
    }

    /// The call that came in.
    fn incoming(&self) -> Option<InviteId> {
        let invited = self.events[1].iter().filter_map(|event| match event {
            Event::Invited(id, _) => Some(*id),
            _ => None,
        });
        let all: Vec<_> = invited.collect();
        assert!(all.len() <= 1, "one INVITE is one call");
        all.first().copied()
    }

    fn assert_empty(&mut self) {
        assert_eq!([self.ends[0].invites_len(), self.ends[1].invites_len()], [0, 0]);
        self.run_to(self.millis + 200_000);
        for end in &self.ends {
            assert_eq!(end.census(), Census::default());
            assert_eq!(end.deadline(), None);
        }
    }
}

fn ended(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Ended(..) | Event::Failed(..))).count()
}

#[test]
fn a_call_over_a_good_network_takes_the_messages_that_it_needs() {
    for protocol in [Protocol::Udp, Protocol::Tcp] {
        let mut pair = Pair::new(1, 0, protocol);
        let caller = pair.place();
        pair.run_to(200);
        let callee = pair.incoming().unwrap();
        pair.act(1, |endpoint, now| endpoint.answer(now, callee, OUR_SDP));
        pair.run_to(400);
        assert!(
            matches!(pair.events[0][..], [Event::Progress(_, 100, None), Event::Answered(it, Some(_))] if it == caller)
        );
        assert!(matches!(pair.events[1][1], Event::Acknowledged(..)));
        pair.act(0, |endpoint, now| endpoint.hang_up(now, caller, None));
        pair.run_to(600);
        assert!(matches!(pair.events[1][2], Event::Ended(_, End::Bye(None))));
        let sent = pair.ends.each_ref().map(|end| (end.counters().sent, end.counters().retransmitted));
        assert_eq!(sent, [(3, 0), (3, 0)], "INVITE ACK BYE, 100 200 200");
        pair.assert_empty();
    }
}

#[test]
fn offers_that_cross_are_settled_by_both_ends() {
    let mut pair = Pair::new(3, 0, Protocol::Udp);
    let caller = pair.place();
    pair.run_to(200);
    let callee = pair.incoming().unwrap();
    pair.act(1, |endpoint, now| endpoint.answer(now, callee, OUR_SDP));
    pair.run_to(400);
    pair.events = [Vec::new(), Vec::new()];
    pair.act(0, |endpoint, now| endpoint.reoffer(now, caller, b"v=0 from the caller"));
    pair.act(1, |endpoint, now| endpoint.reoffer(now, callee, b"v=0 from the callee"));
    for step in 0..100 {
        pair.run_to(400 + step * 100);
        for (end, id) in [(0, caller), (1, callee)] {
            let offers = pair.events[end].iter().filter(|event| matches!(event, Event::Offered(..))).count();
            let answered = pair.events[end].iter().filter(|event| matches!(event, Event::Bound(..))).count();
            if offers > answered {
                pair.events[end].push(Event::Bound("answered".into(), Vec::new()));
                pair.act(end, |endpoint, now| endpoint.answer_offer(now, id, Ok(b"v=0 answer")));
            }
        }
    }
    for events in &pair.events {
        assert!(events.iter().any(|event| matches!(event, Event::OfferAnswered(_, Ok(_)))), "{events:?}");
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(128))]

    /// The callee answers, the caller cancels, somebody hangs up, at any moments, over any network.
    #[test]
    fn both_ends_agree_and_nothing_is_left(
        seed in any::<u64>(),
        loss_permille in 0_u64..400,
        is_stream in any::<bool>(),
        answer in proptest::option::of(0_u64..3_000),
        hang_up in 0_u64..4_000,
        is_caller in any::<bool>(),
    ) {
        let protocol = if is_stream { Protocol::Tcp } else { Protocol::Udp };
        let mut pair = Pair::new(seed, loss_permille, protocol);
        let caller = pair.place();
        let mut has_answered = false;
        let mut who_hung_up = 0;
        for step in 0..400 {
            let millis = step * 10;
            pair.run_to(millis);
            if let (Some(callee), Some(when), false) = (pair.incoming(), answer, has_answered)
                && millis >= when
            {
                has_answered = true;
                pair.act(1, |endpoint, now| endpoint.answer(now, callee, OUR_SDP));
            }
            if millis / 10 == hang_up / 10 {
                match (is_caller, pair.incoming()) {
                    (false, Some(callee)) => {
                        who_hung_up = 1;
                        pair.act(1, |endpoint, now| endpoint.hang_up(now, callee, None));
                    }
                    _ => pair.act(0, |endpoint, now| endpoint.hang_up(now, caller, None)),
                }
            }
        }
        pair.run_to(80_000);
        let callee = pair.incoming();
        let told = [ended(&pair.events[0]), ended(&pair.events[1])];
        prop_assert_eq!(told[who_hung_up], 0, "who hangs up knows it already");
        let is_up = |events: &[Event]| events.iter().any(|it| matches!(it, Event::Acknowledged(..) | Event::Answered(..)));
        prop_assert!(who_hung_up == 0 || !is_up(&pair.events[1]) || is_up(&pair.events[0]), "up at both ends or at none");
        // Each message is tried seven times or more: at this loss, one gets through.
        if loss_permille < 200 && callee.is_some() {
            prop_assert_eq!(told[1 - who_hung_up], 1, "who has not hung up hears of the end, once");
        }
        for (end, id) in [(0, Some(caller)), (1, callee)] {
            if let Some(id) = id {
                pair.act(end, |endpoint, now| endpoint.hang_up(now, id, None));
            }
        }
        pair.assert_empty();
    }
}
