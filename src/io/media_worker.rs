//! The threads that carry audio. Each owns a plane and its sockets, sleeps until a session is due, and never waits for others.
//!
//! Commands come in by a bounded queue and an eventfd; events go out by a bounded queue that is tried, never waited for. What one
//! plane says to another (a session that hears one elsewhere) goes the same way; a worker that does not take it loses it. Time
//! is absolute: a timerfd for the next deadline, so that nothing drifts. A leg's packets are read in one system call just before
//! its tick; those of a leg that others hear as they come.

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
use crate::base::limit::{MEDIA_COMMANDS_MAX, MEDIA_CROSSINGS_MAX};
use crate::base::rng::Rng;
use crate::media::crossing::Crossing;
use crate::media::vocabulary::{MediaCommand, MediaEvent};

mod neighbours;
mod outside;
mod turn;

/// All media threads.
pub(crate) struct MediaWorkers {
    workers: Vec<Worker>,
}

/// Orders that a worker is given before it is woken within a turn.
const ORDERS_ASLEEP_MAX: usize = 64;

struct Worker {
    commands: SyncSender<MediaCommand>,
    shared: Arc<Shared>,
    /// Orders that it was not woken for.
    unwoken: usize,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn wake(&mut self) {
        if std::mem::take(&mut self.unwoken) > 0 {
            // Fails only if the counter is full, and then the worker is awake anyway.
            let _ = self.shared.wake.write(1);
        }
    }
}

/// The way to another worker's plane.
#[derive(Clone)]
struct Neighbour {
    crossings: SyncSender<Crossing>,
    shared: Arc<Shared>,
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
    crossings: Receiver<Crossing>,
    neighbours: Vec<Neighbour>,
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
    pub(crate) fn start(
        count: u16,
        clock: Clock,
        events: Sender<MediaEvent>,
        recorder: RecorderHandle,
    ) -> io::Result<Self> {
        let mut rng = Rng::from_entropy(entropy::seed());
        // All know the ways to all before the first begins.
        let ways = (0..count.max(1)).map(|_| way()).collect::<io::Result<Vec<_>>>()?;
        let neighbours: Vec<Neighbour> = ways.iter().map(|(neighbour, _)| neighbour.clone()).collect();
        let workers = ways
            .into_iter()
            .enumerate()
            .map(|(index, (Neighbour { shared, .. }, crossings))| {
                let (commands, inbox) = sync_channel(MEDIA_COMMANDS_MAX);
                let inputs = Inputs {
                    shared: Arc::clone(&shared),
                    commands: inbox,
                    crossings,
                    neighbours: neighbours.clone(),
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
                Ok(Worker { commands, shared, unwoken: 0, thread: Some(thread) })
            })
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Self { workers })
    }

    /// Gives an order to the worker that owns its session, which takes it no later than after [`Self::wake`]. Never waits: if the
    /// worker is thousands of orders behind, the order is dropped with an error in the log, and the watchdog will see that the
    /// worker does not move.
    pub(crate) fn send(&mut self, command: MediaCommand) {
        let index = usize::from(command.session().worker);
        let Some(worker) = self.workers.get_mut(index) else {
            tracing::error!(index, "an order for a media worker that does not exist");
            return;
        };
        match worker.commands.try_send(command) {
            Ok(()) => {
                worker.unwoken += 1;
                if worker.unwoken >= ORDERS_ASLEEP_MAX {
                    worker.wake();
                }
            }
            Err(TrySendError::Full(_)) => tracing::error!(index, "a media worker does not take orders"),
            Err(TrySendError::Disconnected(_)) => tracing::error!(index, "a media worker has died"),
        }
    }

    /// Wakes the workers that were given orders: a turn's orders cost each of them one waking.
    pub(crate) fn wake(&mut self) {
        self.workers.iter_mut().for_each(Worker::wake);
    }

    /// A counter for each worker that moves at least once a second as long as the worker lives.
    pub(crate) fn heartbeats(&self) -> Vec<u64> {
        self.workers.iter().map(|worker| worker.shared.beats.load(Ordering::Relaxed)).collect()
    }

    /// Ends all threads and waits for them; sessions that are open are simply gone.
    pub(crate) fn stop(&mut self) {
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

/// A way for crossings, and its end.
fn way() -> io::Result<(Neighbour, Receiver<Crossing>)> {
    let wake = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
    let shared = Arc::new(Shared { wake, beats: AtomicU64::new(0), stop: AtomicBool::new(false) });
    let (crossings, inbox) = sync_channel(MEDIA_CROSSINGS_MAX);
    Ok((Neighbour { crossings, shared }, inbox))
}

#[cfg(test)]
mod tests;
