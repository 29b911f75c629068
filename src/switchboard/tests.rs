//! What a bug of ours costs: the call in hand, and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::leg::State;
use super::leg::tests::{PEER, edition, invite, sdp};
use super::*;
use crate::base::time::at;
use crate::media::vocabulary::Report;

fn now(millis: u64) -> Now {
    Now { at: at(millis), ..Now::default() }
}

fn drain(board: &mut Switchboard) -> Vec<Output> {
    let mut outputs = Vec::new();
    loop {
        match board.poll() {
            Output::Sleep(_) => return outputs,
            output => outputs.push(output),
        }
    }
}

/// A switchboard with a call whose 200 has left.
fn with_a_call() -> (Switchboard, CallKey) {
    let mut board = Switchboard::new(Arc::new(edition()), Rng::seeded(1), now(0));
    drain(&mut board);
    let datagram = Datagram {
        protocol: Protocol::Udp,
        local: "192.0.2.1:5060".parse().unwrap(),
        remote: PEER.parse().unwrap(),
        connection: None,
        bytes: invite(&sdp("sendrecv", 8)).as_bytes().into(),
    };
    board.handle(now(1), Input::Sip(datagram));
    drain(&mut board);
    let session = *board.common.sessions.first_key_value().unwrap().0;
    board.handle(now(2), Input::Media(MediaEvent::Opened(session)));
    drain(&mut board);
    let key = board.calls.iter().next().unwrap().0;
    (board, key)
}

/// Wherever the work on a call is broken off, the call ends with its one record, and the switchboard is sound.
#[test]
fn a_bug_costs_the_call_in_hand_and_its_record_remains() {
    type Broken = fn(&mut Call);
    let nothing: Broken = |_| {};
    let mid_transition: Broken = |call| {
        let (_, leg) = call.legs.iter_mut().next().unwrap();
        leg.state = State::Over;
    };
    for break_off in [nothing, mid_transition] {
        let (mut board, key) = with_a_call();
        let session = *board.common.sessions.first_key_value().unwrap().0;
        let work = AssertUnwindSafe(|| {
            board.with(key, |call, _| {
                break_off(call);
                panic!("a bug, on purpose");
            });
        });
        assert!(catch_unwind(work).is_err());
        assert!(!board.violations().is_empty(), "a call in hand is seen");
        board.abandon(now(3));
        assert_eq!(board.violations(), [""; 0]);
        let outputs = drain(&mut board);
        let closed = |output: &Output| matches!(output, Output::Media(MediaCommand::Close(closed)) if *closed == session);
        assert_eq!(outputs.iter().filter(|output| closed(output)).count(), 1, "{outputs:?}");
        board.handle(now(4), Input::Media(MediaEvent::Closed(session, Report::default())));
        let records = drain(&mut board).into_iter().filter_map(|output| match output {
            Output::Record(record) => record.reason,
            _ => None,
        });
        assert_eq!(records.collect::<Vec<_>>(), ["internal error"]);
        assert_eq!((board.calls_len(), board.common.usages.len()), (0, 0));
    }
}
