//! The threads that carry audio. Each owns a plane and its sockets, sleeps until a session is due, and never waits for others.
//!
//! Commands come in by a bounded queue and an eventfd; events go out by a bounded queue that is tried, never waited for. Time is
//! absolute: a timerfd for the next deadline, so that nothing drifts. A leg's packets are read in one system call just before its
//! tick; those of a bridged leg are passed on as they come.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use nix::sys::eventfd::{EfdFlags, EventFd};
use tokio::sync::mpsc::Sender;

use super::clock::Clock;
use super::entropy;
use super::priority::{MEDIA_NICE, set_nice};
use super::recorder::RecorderHandle;
use crate::base::limit::MEDIA_COMMANDS_MAX;
use crate::base::rng::Rng;
use crate::media::vocabulary::{MediaCommand, MediaEvent};

mod outside;
mod turn;

/// All media threads.
pub struct MediaWorkers {
    workers: Vec<Worker>,
}

struct Worker {
    commands: SyncSender<MediaCommand>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What a worker's thread and its owner both see.
struct Shared {
    wake: EventFd,
    beats: AtomicU64,
    stop: AtomicBool,
}

/// What a worker's thread is given.
struct Inputs {
    shared: Arc<Shared>,
    commands: Receiver<MediaCommand>,
    events: Sender<MediaEvent>,
    recorder: RecorderHandle,
    clock: Clock,
    rng: Rng,
}

impl MediaWorkers {
    /// Starts `count` threads (at least one), named `media-0` and so on.
    ///
    /// # Errors
    /// A thread or a descriptor cannot be had.
    pub fn start(
        count: u16,
        clock: Clock,
        events: Sender<MediaEvent>,
        recorder: RecorderHandle,
    ) -> io::Result<Self> {
        let mut rng = Rng::from_entropy(entropy::seed());
        let workers = (0..count.max(1))
            .map(|index| {
                let (commands, inbox) = sync_channel(MEDIA_COMMANDS_MAX);
                let wake = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
                let shared = Arc::new(Shared { wake, beats: AtomicU64::new(0), stop: AtomicBool::new(false) });
                let inputs = Inputs {
                    shared: Arc::clone(&shared),
                    commands: inbox,
                    events: events.clone(),
                    recorder: recorder.clone(),
                    clock,
                    rng: rng.fork(),
                };
                let turn = turn::Turn::new(inputs)?;
                let thread = std::thread::Builder::new().name(format!("media-{index}")).spawn(move || {
                    if let Err(why) = set_nice(MEDIA_NICE)
                        && index == 0
                    {
                        tracing::info!(%why, "media threads run at ordinary priority (CAP_SYS_NICE or LimitNICE= raises them)");
                    }
                    turn.begin().run();
                })?;
                Ok(Worker { commands, shared, thread: Some(thread) })
            })
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Self { workers })
    }

    /// Gives an order to the worker that owns its session. Never waits: if the worker is thousands of orders behind, the order is
    /// dropped with an error in the log, and the watchdog will see that the worker does not move.
    pub fn send(&self, command: MediaCommand) {
        let index = usize::from(worker_of(&command));
        let Some(worker) = self.workers.get(index) else {
            tracing::error!(index, "an order for a media worker that does not exist");
            return;
        };
        match worker.commands.try_send(command) {
            // Fails only if the counter is full, and then the worker is awake anyway.
            Ok(()) => drop(worker.shared.wake.write(1)),
            Err(TrySendError::Full(_)) => tracing::error!(index, "a media worker does not take orders"),
            Err(TrySendError::Disconnected(_)) => tracing::error!(index, "a media worker has died"),
        }
    }

    /// A counter for each worker that moves at least once a second as long as the worker lives.
    pub fn heartbeats(&self) -> Vec<u64> {
        self.workers.iter().map(|worker| worker.shared.beats.load(Ordering::Relaxed)).collect()
    }

    /// Ends all threads and waits for them; sessions that are open are simply gone.
    pub fn stop(&mut self) {
        for worker in &self.workers {
            worker.shared.stop.store(true, Ordering::Relaxed);
            let _ = worker.shared.wake.write(1);
        }
        for worker in &mut self.workers {
            if let Some(thread) = worker.thread.take()
                && thread.join().is_err()
            {
                tracing::error!("a media worker had died");
            }
        }
    }
}

impl Drop for MediaWorkers {
    fn drop(&mut self) {
        self.stop();
    }
}

fn worker_of(command: &MediaCommand) -> u16 {
    match command {
        MediaCommand::Open { session, .. }
        | MediaCommand::Negotiate(session, _)
        | MediaCommand::Play { session, .. }
        | MediaCommand::Stop(session)
        | MediaCommand::Record { session, .. }
        | MediaCommand::StopRecording(session)
        | MediaCommand::Hear { session, .. }
        | MediaCommand::Bridge(session, _)
        | MediaCommand::Unbridge(session)
        | MediaCommand::SendDigit(session, _)
        | MediaCommand::Close(session) => session.worker,
    }
}

#[cfg(test)]
mod tests;
