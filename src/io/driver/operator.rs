//! What the operator asks and is told: status, reload, bans, alarms.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::oneshot;

use super::addresses::reachable;
use super::{Driver, Reloading};
use crate::base::diagnostic::Text;
use crate::base::limit::ALARMS_KEPT_MAX;
use crate::base::time::{Moment, Wall};
use crate::io::control::Request;
use crate::io::store::Purged;
use crate::say;
use crate::switchboard::{Edition, Input, Order, Status};

/// How the last reading of the site went.
#[derive(Clone, Debug)]
pub(super) struct LastReload {
    at: Wall,
    /// Its mistakes; none when it went well.
    report: Option<String>,
}

/// The newest alarms.
#[derive(Debug, Default)]
pub(super) struct Alarms(VecDeque<(Wall, String)>);

impl Alarms {
    /// Keeps one.
    pub(super) fn keep(&mut self, now: Wall, what: String) {
        if self.0.len() >= ALARMS_KEPT_MAX {
            self.0.pop_front();
        }
        self.0.push_back((now, what));
    }
}

/// What `svi status` gets.
#[derive(Serialize)]
struct Report {
    version: &'static str,
    started: Moment,
    uptime_s: u64,
    #[serde(flatten)]
    board: Status,
    /// Records that the database has refused so far.
    records_waiting: u64,
    /// What went last for its age.
    purged: Option<PurgedReport>,
    /// Letters that wait to be sent.
    outbox: usize,
    reload: Option<ReloadReport>,
    /// The oldest first.
    alarms: Vec<AlarmReport>,
}

#[derive(Serialize)]
struct PurgedReport {
    at: Moment,
    records: u64,
    callers: u64,
    journals: u64,
    messages: u64,
}

#[derive(Serialize)]
struct ReloadReport {
    at: Moment,
    well: bool,
    report: Option<String>,
}

#[derive(Serialize)]
struct AlarmReport {
    at: Moment,
    what: String,
}

impl Driver {
    pub(super) fn on_request(&mut self, request: Request) {
        match request {
            Request::Status(reply) => {
                let _ = reply.send(line(&self.report()));
            }
            Request::Reload(reply) => self.reload(Some(reply)),
            Request::Bans(reply) => {
                let _ = reply.send(line(&self.board.bans()));
            }
            Request::Lift(address, reply) => {
                let before = self.board.bans().len();
                self.take(Input::Order(Order::Lift(address)));
                let lifted = before - self.board.bans().len();
                tracing::info!(lifted, "bans lifted by the operator");
                let _ = reply.send(line(&lifted));
            }
        }
    }

    /// All or nothing: a broken site leaves the old one in place and says why.
    pub(super) fn finish_reload(&mut self, loaded: Result<Edition, String>) {
        let replies = self.reloading.take().map(|reloading| reloading.replies).unwrap_or_default();
        let (answer, report) = match loaded {
            Ok(mut edition) => {
                let moved = edition.listen != self.wanted;
                edition.listen = reachable(&self.addresses);
                // The threads are those of the start.
                edition.workers = self.board.edition().workers;
                let flows = edition.site.flows.len();
                self.outside.configure(Arc::new(edition.site.shared.clone()));
                self.take(Input::Order(Order::Reload(Arc::new(edition))));
                tracing::info!(flows, "reloaded; calls in progress keep the version they began with");
                let told = if moved {
                    say!("{} flows; the addresses to listen on change with a restart only", flows)
                } else {
                    say!("{} flows", flows)
                };
                (format!("ok: {}\n", told.to(self.options.tongue)), None)
            }
            Err(report) => {
                tracing::error!("reload refused, the old version stays:\n{report}");
                let told = say!("refused, the old version stays:\n{}", report);
                (format!("{}\n", told.to(self.options.tongue)), Some(report))
            }
        };
        self.notifier.tell(&format!("READY=1\nSTATUS={}", self.summary()));
        self.last_reload = Some(LastReload { at: self.clock.now().wall, report });
        for reply in replies {
            let _ = reply.send(answer.clone());
        }
    }

    /// Reads the site again beside the calls, which go on: rendering and look-ups of names take their time (law 8).
    pub(super) fn reload(&mut self, reply: Option<oneshot::Sender<String>>) {
        if self.drain_until.is_some() {
            if let Some(reply) = reply {
                let told = Text::word("refused: the server is stopping");
                let _ = reply.send(format!("{}\n", told.to(self.options.tongue)));
            }
            return;
        }
        match &mut self.reloading {
            // One is being read: its answer serves both, unless the files change in this very moment.
            Some(reloading) => reloading.replies.extend(reply),
            None => {
                self.notifier.tell("RELOADING=1");
                let load = Arc::clone(&self.options.reload);
                let task = tokio::task::spawn_blocking(move || load());
                self.reloading = Some(Reloading { task, replies: reply.into_iter().collect() });
            }
        }
    }

    /// All that is known of this moment.
    fn report(&self) -> Report {
        let now = self.clock.now();
        let zone = self.board.edition().site.shared.zone.clone();
        let moment = |wall: Wall| Moment::of(wall, &zone);
        let mut board = self.board.status();
        board.records_total = self.store.counts().written();
        let uptime = now.at.since(self.started.at);
        Report {
            version: env!("CARGO_PKG_VERSION"),
            started: moment(self.started.wall),
            uptime_s: uptime.as_secs(),
            board,
            records_waiting: self.store.counts().waiting(),
            purged: self.store.counts().last_purge().map(|(at, gone)| {
                let Purged { records, callers, journals, messages } = gone;
                PurgedReport { at: moment(at), records, callers, journals, messages }
            }),
            outbox: self.outside.letters_waiting(),
            reload: self.last_reload.as_ref().map(|last| ReloadReport {
                at: moment(last.at),
                well: last.report.is_none(),
                report: last.report.clone(),
            }),
            alarms: self
                .alarms
                .0
                .iter()
                .map(|(at, what)| AlarmReport { at: moment(*at), what: what.clone() })
                .collect(),
        }
    }

    pub(super) fn summary(&self) -> String {
        let status = self.board.status();
        let waiting: usize = status.queues.iter().map(|queue| queue.waiting).sum();
        format!("{} calls, {} waiting", status.calls, waiting)
    }
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}
