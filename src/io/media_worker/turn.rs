//! The loop of one media thread: orders, sessions that are due, packets that have come, sleep.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};

use super::neighbours::Neighbours;
use super::outside::{Answer, Outside, Port, Token};
use super::{Inputs, Shared};
use crate::base::time::{Duration, Instant};
use crate::io::clock::Clock;
use crate::io::intake::Intake;
use crate::media::crossing::Crossing;
use crate::media::plane::{MediaOutput, MediaPlane};
use crate::media::vocabulary::{MediaCommand, SessionId};

/// Orders taken in one turn before the sessions that are due have theirs.
const COMMANDS_PER_TURN: usize = 256;
/// Crossings taken in one turn.
const CROSSINGS_PER_TURN: usize = 1_024;
/// Descriptors served in one turn.
const READY_PER_TURN: usize = 64;
/// The longest sleep: the heartbeat must move.
const SLEEP_MS: u16 = 1_000;
/// The longest sleep while events wait for room.
const RETRY_MS: u16 = 5;

/// What a thread is made of before it has begun: the rest cannot leave its thread.
pub(super) struct Turn {
    inputs: Inputs,
    epoll: Epoll,
    timer: TimerFd,
}

/// A running thread.
pub(super) struct Running {
    plane: MediaPlane,
    clock: Clock,
    shared: Arc<Shared>,
    commands: Receiver<MediaCommand>,
    crossings: Receiver<Crossing>,
    outside: Outside,
    intake: Intake,
    timer: TimerFd,
    /// What the timer was last set to.
    armed: Option<Instant>,
}

impl Turn {
    pub(super) fn new(inputs: Inputs) -> io::Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
        let timer =
            TimerFd::new(ClockId::CLOCK_MONOTONIC, TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK)?;
        epoll.add(&inputs.shared.wake, EpollEvent::new(EpollFlags::EPOLLIN, Token::WAKE))?;
        epoll.add(&timer, EpollEvent::new(EpollFlags::EPOLLIN, Token::TIMER))?;
        Ok(Self { inputs, epoll, timer })
    }

    pub(super) fn begin(self) -> Running {
        let Inputs { shared, commands, crossings, neighbours, events, recorder, clock, rng } = self.inputs;
        Running {
            plane: MediaPlane::new(rng),
            clock,
            shared,
            commands,
            crossings,
            outside: Outside::new(self.epoll, events, recorder, Neighbours::new(neighbours)),
            intake: Intake::new(),
            timer: self.timer,
            armed: None,
        }
    }
}

impl Running {
    /// Until it is told to stop.
    pub(super) fn run(mut self) {
        let mut ready = [EpollEvent::empty(); READY_PER_TURN];
        while !self.shared.stop.load(Ordering::Relaxed) {
            self.shared.beats.fetch_add(1, Ordering::Relaxed);
            let more = self.take_commands() | self.take_crossings();
            self.tick_due();
            let asleep_ms = self.arm();
            self.outside.neighbours.wake();
            let timeout_ms = if more { 0 } else { asleep_ms };
            // Interrupted by a signal, nothing is ready; the next turn asks again.
            let count = self.outside.epoll.wait(&mut ready, timeout_ms).unwrap_or(0);
            for event in &ready[..count] {
                self.serve(event.data());
            }
            self.outside.neighbours.wake();
        }
    }

    /// True if more may wait.
    fn take_commands(&mut self) -> bool {
        for _ in 0..COMMANDS_PER_TURN {
            let Ok(command) = self.commands.try_recv() else { return false };
            let now = self.clock.at();
            self.guarded(None, |plane, _, _| plane.command(now, command));
        }
        true
    }

    /// True if more may wait.
    fn take_crossings(&mut self) -> bool {
        for _ in 0..CROSSINGS_PER_TURN {
            let Ok(crossing) = self.crossings.try_recv() else { return false };
            let now = self.clock.at();
            let session = crossing.session();
            self.guarded(Some(session), |plane, _, _| plane.crossed(now, crossing));
        }
        true
    }

    fn tick_due(&mut self) {
        let until = self.clock.at();
        while let Some(session) = self.plane.due(until) {
            let now = self.clock.at();
            self.guarded(Some(session), |plane, intake, outside| {
                if let Some(sockets) = outside.sockets.get(&session)
                    && !sockets.on_arrival
                {
                    intake.drain(&sockets.rtp, |from, datagram, age| {
                        plane.packet(now.earlier(age), session, from, datagram);
                    });
                }
                plane.tick(now, session);
            });
        }
    }

    /// A descriptor is ready.
    fn serve(&mut self, token: u64) {
        match token {
            // One read takes all that was written.
            Token::WAKE => drop(self.shared.wake.read()),
            // Setting it anew silences it.
            Token::TIMER => {}
            token => {
                let Some((session, port)) = self.outside.session_of(Token(token)) else { return };
                let now = self.clock.at();
                self.guarded(Some(session), |plane, intake, outside| {
                    let Some(sockets) = outside.sockets.get(&session) else { return };
                    match port {
                        Port::Rtp => intake.drain(&sockets.rtp, |from, datagram, age| {
                            plane.packet(now.earlier(age), session, from, datagram);
                        }),
                        Port::Rtcp => intake.drain(&sockets.rtcp, |from, datagram, _| {
                            plane.report(now, session, from, datagram);
                        }),
                    }
                });
            }
        }
    }

    /// Does something with the plane and carries out what comes of it. A bug that panics costs the session, not the thread.
    fn guarded(
        &mut self,
        session: Option<SessionId>,
        act: impl FnOnce(&mut MediaPlane, &mut Intake, &Outside),
    ) {
        let (plane, intake, outside) = (&mut self.plane, &mut self.intake, &self.outside);
        if catch_unwind(AssertUnwindSafe(|| act(plane, intake, outside))).is_err() {
            tracing::error!(?session, "a bug: a media session panicked and is closed");
            if let Some(session) = session {
                let now = self.clock.at();
                let plane = &mut self.plane;
                let close = || plane.command(now, MediaCommand::Close(session));
                if catch_unwind(AssertUnwindSafe(close)).is_err() {
                    tracing::error!(?session, "a bug: it cannot be closed");
                }
            }
        }
        self.carry_out();
    }

    /// Everything that the plane wants done; when it wants to be woken.
    fn carry_out(&mut self) -> Option<Instant> {
        loop {
            let answer = match self.plane.poll() {
                MediaOutput::Sleep(until) => return until,
                output => self.outside.carry(output),
            };
            match answer {
                Answer::None => {}
                Answer::Bound(session, bound) => self.plane.bound(session, bound),
                Answer::Refused(recording) => self.plane.recorder_failed(recording),
            }
        }
    }

    /// Sets the timer to the next deadline, and gives the longest sleep in milliseconds.
    fn arm(&mut self) -> u16 {
        let next = self.carry_out();
        let asleep_ms = if self.outside.retry_events() { SLEEP_MS } else { RETRY_MS };
        let Some(deadline) = next else {
            if self.armed.take().is_some() {
                let _ = self.timer.unset();
            }
            return asleep_ms;
        };
        let ahead = deadline - self.clock.at();
        if ahead == Duration::ZERO {
            return 0;
        }
        if self.armed != Some(deadline) {
            let expiration = Expiration::OneShot(TimeSpec::from_duration(ahead));
            // If it cannot be set, a short sleep does the same, less evenly.
            if self.timer.set(expiration, TimerSetTimeFlags::empty()).is_err() {
                return 1;
            }
            self.armed = Some(deadline);
        }
        asleep_ms
    }
}
