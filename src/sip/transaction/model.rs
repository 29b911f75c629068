//! T8: the INVITE machines against a plain table of RFC 3261 §17 and RFC 6026. The table steps millisecond by
//! millisecond and knows no interval arithmetic; whatever happens to both, both say the same.

use std::sync::Arc;

use proptest::prelude::{Just, Strategy, any, prop_assert_eq, proptest};
use proptest::{collection::vec, prop_oneof};

use super::invite_client::{self, InviteClient};
use super::invite_server::{self, InviteServer};
use super::{Verdict, Wake};
use crate::base::time::at;

/// The states of both figures.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum State {
    Calling,
    Proceeding,
    Completed,
    Confirmed,
    Accepted,
    Terminated,
}

/// What happens.
#[derive(Copy, Clone, Debug)]
enum Step {
    /// The request (server) or the response (client) comes; of the server, the status is what its user says.
    Status(u16),
    Repeat,
    Ack,
    Cancel,
    Wait(u64),
}

/// What is sent or told: the moment and the status, 0 for the request, 1 for an ACK, 2 for a time-out.
type Trace = Vec<(u64, u16)>;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let status = prop_oneof![Just(100_u16), Just(180), Just(200), Just(302), Just(486), Just(603)];
    let wait = prop_oneof![1..40_u64, 400..6_000_u64, 31_000..33_000_u64];
    vec(
        prop_oneof![
            status.prop_map(Step::Status),
            Just(Step::Repeat),
            Just(Step::Ack),
            Just(Step::Cancel),
            wait.prop_map(Step::Wait),
        ],
        1..20,
    )
}

/// The table.
struct Table {
    state: State,
    is_reliable: bool,
    millis: u64,
    /// When the state began, when the retransmitted message was sent last, and the interval to the next.
    since: u64,
    sent: u64,
    interval: u64,
    last: u16,
    is_cancelled: bool,
    trace: Trace,
}

impl Table {
    fn new(state: State, is_reliable: bool) -> Self {
        let trace = Vec::new();
        Self {
            state,
            is_reliable,
            millis: 0,
            since: 0,
            sent: 0,
            interval: 500,
            last: 0,
            is_cancelled: false,
            trace,
        }
    }

    fn enter(&mut self, state: State) {
        (self.state, self.since, self.sent, self.interval) = (state, self.millis, self.millis, 500);
    }

    fn say(&mut self, what: u16) {
        self.trace.push((self.millis, what));
    }

    fn server(&mut self, step: Step) {
        match (self.state, step) {
            (_, Step::Wait(millis)) => (0..millis).for_each(|_| self.tick(true)),
            (State::Proceeding, Step::Repeat) if self.last != 0 => self.say(self.last),
            (State::Completed, Step::Repeat) => self.say(self.last),
            (State::Proceeding, Step::Status(status)) => {
                self.say(status);
                self.last = status;
                match status {
                    100..=199 => {}
                    200..=299 => self.enter(State::Accepted),
                    _ => self.enter(State::Completed),
                }
            }
            (State::Completed, Step::Ack) if self.is_reliable => self.enter(State::Terminated),
            (State::Completed, Step::Ack) => self.enter(State::Confirmed),
            _ => {}
        }
    }

    fn client(&mut self, step: Step) {
        let is_open = matches!(self.state, State::Calling | State::Proceeding);
        match (self.state, step) {
            (_, Step::Wait(millis)) => (0..millis).for_each(|_| self.tick(false)),
            (State::Proceeding, Step::Cancel) if !self.is_cancelled => {
                (self.is_cancelled, self.since) = (true, self.millis);
            }
            (State::Calling, Step::Status(status @ 100..=199)) => {
                self.say(status);
                self.enter(State::Proceeding);
            }
            (State::Proceeding, Step::Status(status @ 100..=199)) => self.say(status),
            (_, Step::Status(status @ 200..=299)) if is_open => {
                self.say(status);
                self.enter(State::Accepted);
            }
            (State::Accepted, Step::Status(status @ 200..=299)) => self.say(status),
            (_, Step::Status(status @ 300..)) if is_open => {
                self.say(1);
                self.say(status);
                self.enter(State::Completed);
            }
            (State::Completed, Step::Status(300..)) => self.say(1),
            _ => {}
        }
    }

    /// One millisecond passes.
    fn tick(&mut self, is_server: bool) {
        self.millis += 1;
        let age = self.millis - self.since;
        let repeats = match self.state {
            State::Calling => !is_server,
            State::Completed => is_server,
            State::Proceeding | State::Confirmed | State::Accepted | State::Terminated => false,
        };
        if repeats && !self.is_reliable && age < 32_000 && self.millis == self.sent + self.interval {
            self.say(if is_server { self.last } else { 0 });
            self.sent = self.millis;
            self.interval *= 2;
            if is_server {
                self.interval = self.interval.min(4_000);
            }
        }
        let life = match (self.state, is_server) {
            (State::Calling, _) => 32_000,
            (State::Proceeding, false) if self.is_cancelled => 32_000,
            (State::Completed, false) if self.is_reliable => 0,
            (State::Completed | State::Accepted, _) => 32_000,
            (State::Confirmed, _) => 5_000,
            (State::Proceeding | State::Terminated, _) => u64::MAX,
        };
        if age >= life {
            if matches!(self.state, State::Calling | State::Proceeding) {
                self.say(2);
            }
            self.enter(State::Terminated);
        }
    }
}

/// The octets of a status.
fn bytes(status: u16) -> Arc<[u8]> {
    status.to_be_bytes().as_slice().into()
}

fn status(bytes: &[u8]) -> u16 {
    u16::from_be_bytes([bytes[0], bytes[1]])
}

fn run_server(steps: &[Step], is_reliable: bool) -> (Trace, State) {
    let (mut machine, mut millis, mut trace) = (InviteServer::new(is_reliable), 0, Trace::new());
    for step in steps {
        match step {
            Step::Status(code) => {
                if machine.respond(at(millis), *code, &bytes(*code)) {
                    trace.push((millis, *code));
                }
            }
            Step::Repeat => trace.extend(machine.repeated().map(|it| (millis, status(&it)))),
            Step::Ack => {
                machine.ack(at(millis));
            }
            Step::Cancel => {}
            Step::Wait(wait) => {
                while let Some((due, _)) = machine.next().filter(|(due, _)| *due <= at(millis + wait)) {
                    // A timer of zero fires at the next tick.
                    let due = due.max(at(millis + 1));
                    if let Wake::Send(it) = machine.wake(due) {
                        trace.push((due.as_millis(), status(&it)));
                    }
                }
                millis += wait;
            }
        }
    }
    let state = match machine.state() {
        invite_server::State::Proceeding(_) => State::Proceeding,
        invite_server::State::Completed(_) => State::Completed,
        invite_server::State::Confirmed { .. } => State::Confirmed,
        invite_server::State::Accepted { .. } => State::Accepted,
        invite_server::State::Terminated => State::Terminated,
    };
    (trace, state)
}

fn run_client(steps: &[Step], is_reliable: bool) -> (Trace, State) {
    let (mut machine, mut millis, mut trace) = (InviteClient::new(at(0), is_reliable), 0, Trace::new());
    for step in steps {
        match step {
            Step::Status(code) => match machine.response(at(millis), *code) {
                Verdict::Deliver => trace.push((millis, *code)),
                Verdict::DeliverAndAck => trace.extend([(millis, 1), (millis, *code)]),
                Verdict::Ack => trace.push((millis, 1)),
                Verdict::Drop => {}
            },
            Step::Repeat | Step::Ack => {}
            Step::Cancel => {
                if machine.may_cancel() {
                    machine.cancelled(at(millis));
                }
            }
            Step::Wait(wait) => {
                while let Some((due, _)) = machine.next().filter(|(due, _)| *due <= at(millis + wait)) {
                    let due = due.max(at(millis + 1));
                    match machine.wake(due, &bytes(0)) {
                        Wake::Send(_) => trace.push((due.as_millis(), 0)),
                        Wake::TimedOut => trace.push((due.as_millis(), 2)),
                        Wake::Idle | Wake::Over => {}
                    }
                }
                millis += wait;
            }
        }
    }
    let state = match machine.state() {
        invite_client::State::Calling { .. } => State::Calling,
        invite_client::State::Proceeding { .. } => State::Proceeding,
        invite_client::State::Completed { .. } => State::Completed,
        invite_client::State::Accepted { .. } => State::Accepted,
        invite_client::State::Terminated => State::Terminated,
    };
    (trace, state)
}

proptest! {
    #![proptest_config(crate::base::property::cases(128))]

    #[test]
    fn the_server_does_what_the_table_says(steps in steps(), is_reliable in any::<bool>()) {
        let mut table = Table::new(State::Proceeding, is_reliable);
        steps.iter().for_each(|step| table.server(*step));
        prop_assert_eq!(run_server(&steps, is_reliable), (table.trace, table.state));
    }

    #[test]
    fn the_client_does_what_the_table_says(steps in steps(), is_reliable in any::<bool>()) {
        let mut table = Table::new(State::Calling, is_reliable);
        steps.iter().for_each(|step| table.client(*step));
        prop_assert_eq!(run_client(&steps, is_reliable), (table.trace, table.state));
    }
}
