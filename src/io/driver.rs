//! THE loop: one task that owns the switchboard, brings it every input with the time, and carries its outputs out.

mod addresses;
mod drain;
mod names;
mod operator;
mod options;
mod papers;
mod signals;

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use self::addresses::reachable;
use self::names::{LOOK_EVERY, Looking};
use self::operator::{Alarms, LastReload};
pub(crate) use self::options::{Options, StartError};
use self::papers::Papers;
use self::signals::Signals;
use super::activation::Sockets;
use super::clock::Clock;
use super::control::{self, Request};
use super::interrupted::Interrupted;
use super::log::{Brief, Log};
use super::media_worker::MediaWorkers;
use super::open_calls::OpenCalls;
use super::outside::{self, Folders, Outside};
use super::recorder::{Recorder, RecorderEvent, RecorderOrder};
use super::store::{Store, Terms};
use super::systemd::Notifier;
use super::tcp::{News, Tcp};
use super::udp::Udp;
use super::watch;
use crate::base::diagnostic::Text;
use crate::base::limit::MEDIA_EVENTS_MAX;
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};
use crate::centre::record::CallRecord;
use crate::config::Site;
use crate::flow::errand::Letter;
use crate::media::vocabulary::{MediaEvent, RecordingId};
use crate::say;
use crate::sip::transport::{Protocol, Transmit};
use crate::switchboard::{
    Cut, Edition, Effect, EffectId, Event, Input, Left, Order, Output, Reply, Switchboard, letter_of_message,
};

/// A running server.
pub(crate) struct Driver {
    clock: Clock,
    board: Switchboard,
    udp: Vec<Udp>,
    tcp: Tcp,
    media: MediaWorkers,
    media_events: mpsc::Receiver<MediaEvent>,
    recorder: Recorder,
    recorder_events: mpsc::Receiver<RecorderEvent>,
    outside: Outside,
    outside_news: mpsc::Receiver<outside::News>,
    /// Effects whose reply the recorder owes, by recording.
    owed: std::collections::BTreeMap<RecordingId, EffectId>,
    store: Store,
    /// What the operator must know of the store.
    store_alarms: mpsc::Receiver<Text>,
    open_calls: OpenCalls,
    /// What an earlier process has left, to be put right first.
    left: Option<Left>,
    control: Option<mpsc::Receiver<Request>>,
    notifier: Notifier,
    options: Options,
    wake: Instant,
    heartbeats: Vec<u64>,
    drain_until: Option<tokio::time::Instant>,
    /// When the last call is over: until when operators may confirm that we are gone.
    farewell_until: Option<tokio::time::Instant>,
    addresses: Vec<(Protocol, SocketAddr)>,
    /// The site is being read again.
    reloading: Option<Reloading>,
    /// Host names are asked for again.
    looking: Option<Looking>,
    /// The files of the site have changed.
    changes: Option<mpsc::Receiver<()>>,
    /// Callers have been told that the server stops.
    leaving: bool,
    log: Log,
    alarms: Alarms,
    last_reload: Option<LastReload>,
    started: Now,
    /// What the site asked to listen on when we started.
    wanted: Vec<(Protocol, SocketAddr)>,
}

/// A site that is being read again, and who wants to know how it went.
struct Reloading {
    task: tokio::task::JoinHandle<Result<Edition, String>>,
    replies: Vec<oneshot::Sender<String>>,
}

/// All sockets, and where they are.
type Bound = (Vec<Udp>, Tcp, Vec<(Protocol, SocketAddr)>);

/// Binds each of them; with the ports that the system chose.
async fn bind(wanted: &[(Protocol, SocketAddr)]) -> Result<Bound, StartError> {
    let (mut udp, mut tcp, mut addresses) = (Vec::new(), Tcp::new(), Vec::new());
    let mut passed = Sockets::from_environment()
        .map_err(|why| StartError::new(Text::word("cannot take the sockets of $LISTEN_FDS"), &why))?;
    for (protocol, address) in wanted.iter().copied() {
        let failed = |why| {
            let name = protocol.via().to_ascii_lowercase();
            StartError::new(say!("cannot listen on {} ({})", address, name), &why)
        };
        let local = match protocol {
            Protocol::Udp => {
                let socket = match passed.udp(address) {
                    Some(socket) => Udp::of(socket),
                    None => Udp::bind(address),
                };
                let socket = socket.map_err(failed)?;
                let local = socket.local();
                udp.push(socket);
                local
            }
            Protocol::Tcp => match passed.tcp(address) {
                Some(listener) => TcpListener::from_std(listener).and_then(|it| tcp.listen_on(it)),
                None => tcp.listen(address).await,
            }
            .map_err(failed)?,
        };
        addresses.push((protocol, local));
    }
    for (protocol, address) in passed.unwanted() {
        tracing::warn!(protocol = protocol.via(), %address, "a socket was passed that site.yaml does not name");
    }
    Ok((udp, tcp, addresses))
}

/// The control socket, if there is to be one.
async fn open_control(options: &Options) -> Result<Option<mpsc::Receiver<Request>>, StartError> {
    let Some(path) = &options.control else { return Ok(None) };
    let what = || say!("cannot open the control socket {}", path.display());
    control::listen(path).await.map(Some).map_err(|why| StartError::new(what(), &why))
}

/// Of messages that an earlier process was taking down when it was cut off.
fn letters_of(interrupted: &[CallRecord], site: &Site) -> Vec<Letter> {
    let letter = |record: &CallRecord| {
        let received = record.ended.unwrap_or(record.started).wall();
        letter_of_message(site, record, received, Some(Cut::Server))
    };
    interrupted.iter().filter_map(letter).collect()
}

impl Driver {
    /// Binds every socket, starts the media workers, and is ready to run: after this, calls are answered.
    ///
    /// # Errors
    /// The first thing that could not be had, in words that say which.
    pub(crate) async fn start(mut edition: Edition, options: Options) -> Result<Self, StartError> {
        let clock = Clock::start();
        let wanted = edition.listen.clone();
        let (udp, tcp, addresses) = bind(&wanted).await?;
        edition.listen = reachable(&addresses);
        let Papers { store, alarms: store_alarms, open_calls, found } =
            papers::open(&options, Terms::of(&edition.site.shared, &options.mailboxes, clock))?;
        let interrupted = Interrupted::of(&found, clock.now().wall, &edition.site.shared.zone);
        let (recorder_sender, recorder_events) = mpsc::channel(MEDIA_EVENTS_MAX);
        let recorder =
            Recorder::start(&options.mailboxes, &|whole| interrupted.message(whole), recorder_sender)
                .map_err(|why| {
                    StartError::new(say!("cannot keep messages in {}", options.mailboxes.display()), &why)
                })?;
        let interrupted = interrupted.records();
        let letters = letters_of(&interrupted, &edition.site);
        for record in interrupted {
            tracing::warn!(call = %record.id, "a call was interrupted when an earlier process was cut off");
            store.append(Box::new(record));
        }
        let control = open_control(&options).await?;
        let (media_sender, media_events) = mpsc::channel(MEDIA_EVENTS_MAX);
        let workers = edition.workers.max(1);
        let media = MediaWorkers::start(workers, clock, media_sender, recorder.handle())
            .map_err(|why| StartError::new(Text::word("cannot start the media workers"), &why))?;
        let folders = Folders { outbox: options.outbox.clone(), messages: options.mailboxes.clone() };
        let shared = Arc::new(edition.site.shared.clone());
        let (outside, outside_news) =
            Outside::start(shared, folders, Rng::from_entropy(super::entropy::seed())).map_err(|why| {
                StartError::new(say!("cannot keep letters in {}", options.outbox.display()), &why)
            })?;
        letters.into_iter().for_each(|letter| outside.send(letter));
        let changes = (!options.watch.is_empty()).then(|| watch::start(options.watch.clone()));
        let board =
            Switchboard::new(Arc::new(edition), Rng::from_entropy(super::entropy::seed()), clock.now());
        Ok(Self {
            heartbeats: Vec::new(),
            clock,
            board,
            udp,
            tcp,
            media,
            media_events,
            recorder,
            recorder_events,
            outside,
            outside_news,
            owed: std::collections::BTreeMap::new(),
            store,
            store_alarms,
            open_calls,
            left: Some(found.left()),
            control,
            notifier: Notifier::from_environment(),
            options,
            wake: Instant::ZERO,
            drain_until: None,
            farewell_until: None,
            addresses,
            reloading: None,
            looking: None,
            changes,
            leaving: false,
            log: Log::default(),
            alarms: Alarms::default(),
            last_reload: None,
            started: clock.now(),
            wanted,
        })
    }

    /// What is listened on, with the ports that the system chose.
    pub(crate) fn addresses(&self) -> &[(Protocol, SocketAddr)] {
        &self.addresses
    }

    /// Serves until SIGTERM or SIGINT and the end of the last call, or `stop`.
    ///
    /// # Errors
    /// The signals cannot be had.
    pub(crate) async fn run(mut self, mut stop: oneshot::Receiver<()>) -> io::Result<()> {
        let mut signals = Signals::new()?;
        self.carry_out();
        if let Some(left) = self.left.take().filter(|left| *left != Left::default()) {
            if !left.promises.is_empty() {
                tracing::info!(
                    call_backs = left.promises.len(),
                    "promised call backs of an earlier process are taken up"
                );
            }
            self.take(Input::Order(Order::Recover(Box::new(left))));
        }
        self.notifier.tell(&format!("READY=1\nSTATUS={}", self.summary()));
        let mut watchdog = tokio::time::interval(self.notifier.watchdog().unwrap_or(Duration::from_secs(5)));
        watchdog.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut names = tokio::time::interval_at(tokio::time::Instant::now() + LOOK_EVERY, LOOK_EVERY);
        let mut stop_asked = false;
        while !self.is_over() {
            let until = self.until_wake();
            tokio::select! {
                biased;
                _ = signals.terminate.recv() => self.drain(),
                _ = signals.interrupt.recv() => self.interrupted(),
                _ = signals.hangup.recv() => self.reload(None),
                Some(()) = changed(&mut self.changes) => {
                    tracing::info!("the files of the site have changed: reading them again");
                    self.reload(None);
                }
                loaded = loaded(&mut self.reloading) => self.finish_reload(loaded),
                _ = names.tick() => self.look_names_up(),
                found = names::found(&mut self.looking) => self.names_are_found(found),
                _ = &mut stop, if !stop_asked => { stop_asked = true; self.drain(); self.drain_until = Some(tokio::time::Instant::now()); }
                _ = watchdog.tick() => self.beat(),
                Some(request) = ask(&mut self.control) => self.on_request(request),
                Some(event) = self.media_events.recv() => self.take(Input::Media(event)),
                Some(event) = self.recorder_events.recv() => self.on_recorder(event),
                Some(news) = self.outside_news.recv() => self.on_outside(news),
                Some(what) = self.store_alarms.recv() => self.alarms.keep(self.clock.now().wall, what.to(self.options.tongue)),
                Some(news) = self.tcp.news.recv() => self.on_stream(news),
                index = readable(&self.udp) => self.on_datagrams(index),
                () = tokio::time::sleep(until) => self.take(Input::Tick),
            }
            self.end_drain();
        }
        self.notifier.tell("STOPPING=1");
        self.media.stop();
        self.store.close();
        self.open_calls.close();
        self.recorder.stop();
        self.outside.stop();
        if let Some(path) = &self.options.control {
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }

    fn until_wake(&self) -> Duration {
        let wanted = self.wake.since(self.clock.at());
        match self.farewell_until.or(self.drain_until) {
            Some(until) => wanted.min(until.saturating_duration_since(tokio::time::Instant::now())),
            None => wanted.min(Duration::from_secs(60)),
        }
    }

    /// One input, then all its outputs. A bug of ours that panics costs the input, not the server.
    fn take(&mut self, input: Input) {
        let now = self.clock.now();
        let board = &mut self.board;
        let told = input.clone();
        if catch_unwind(AssertUnwindSafe(|| board.handle(now, input))).is_err() {
            tracing::error!(input = ?Brief(&told), "a bug: this input made the switchboard panic");
            let board = &mut self.board;
            let ended = catch_unwind(AssertUnwindSafe(|| board.abandon(now)));
            let broken = self.board.violations();
            if ended.is_err() || !broken.is_empty() {
                tracing::error!(?broken, "the state is no longer sound: restarting");
                std::process::abort();
            }
        }
        self.carry_out();
    }

    fn carry_out(&mut self) {
        loop {
            match self.board.poll() {
                Output::Sip(transmit) => self.send(&transmit),
                Output::Media(command) => self.media.send(command),
                Output::Effect(id, effect) => self.carry_effect(id, effect),
                Output::Event(event) => self.observe(&event),
                Output::Keep(keep) => self.open_calls.keep(keep),
                Output::Record(record) => self.store.append(record),
                Output::Sleep(until) => {
                    self.media.wake();
                    self.wake = until;
                    return;
                }
            }
        }
    }

    fn observe(&mut self, event: &Event) {
        if let Event::Alarm(what) = event {
            self.alarms.keep(self.clock.now().wall, what.to(self.options.tongue));
        }
        self.log.event(self.clock.at(), event);
    }

    fn send(&mut self, transmit: &Transmit) {
        match transmit.protocol {
            Protocol::Tcp => self.tcp.send(transmit),
            Protocol::Udp => {
                let from = |udp: &Udp| transmit.local.is_none_or(|local| local.port() == udp.local().port());
                let place = self
                    .udp
                    .iter()
                    .position(|udp| from(udp) && udp.local().is_ipv4() == transmit.remote.is_ipv4());
                let sent = match place.or(if self.udp.is_empty() { None } else { Some(0) }) {
                    Some(place) => self.udp[place].send(transmit),
                    None => Err(io::ErrorKind::NotConnected.into()),
                };
                if sent.is_err() {
                    let (protocol, remote) = (transmit.protocol, transmit.remote);
                    // Told on the next turn: the switchboard is being drained now.
                    let told = self.tcp.tell_unreachable(protocol, remote);
                    if !told {
                        tracing::debug!(%remote, "unreachable, and the queue of news is full");
                    }
                }
            }
        }
    }

    fn carry_effect(&mut self, id: EffectId, effect: Effect) {
        match effect {
            Effect::OpenRecording { recording, path } => {
                self.owed.insert(recording, id);
                self.recorder.order(RecorderOrder::Open { recording, path: path.into() });
            }
            Effect::FinishRecording { recording, keep, metadata } => {
                self.owed.insert(recording, id);
                self.recorder.order(RecorderOrder::Finish { recording, keep, metadata });
            }
            Effect::Fetch(fetch) => self.outside.fetch(id, fetch),
            Effect::Send(letter) => self.outside.send(letter),
        }
    }

    fn on_recorder(&mut self, event: RecorderEvent) {
        let (recording, reply) = match event {
            RecorderEvent::Stored(recording, path) => (recording, Reply::Stored(path.display().to_string())),
            RecorderEvent::Discarded(recording) => (recording, Reply::Discarded),
            RecorderEvent::Failed(recording, why) => (recording, Reply::Failed(why)),
        };
        if let Some(effect) = self.owed.remove(&recording) {
            self.take(Input::Reply(effect, reply));
        }
    }

    fn on_outside(&mut self, news: outside::News) {
        match news {
            outside::News::Fetched(effect, fetched) => {
                self.take(Input::Reply(effect, Reply::Fetched(fetched)))
            }
            outside::News::Alarm(what) => {
                self.alarms.keep(self.clock.now().wall, what.to(self.options.tongue));
                tracing::error!(what = %what.english(), "alarm");
            }
        }
    }

    /// One message of a stream, and then the datagrams that wait: a flood on streams, which are asked first, must not make
    /// the server deaf to the others.
    fn on_stream(&mut self, news: News) {
        self.on_news(news);
        for index in 0..self.udp.len() {
            self.on_datagrams(index);
        }
    }

    fn on_news(&mut self, news: News) {
        let board = &self.board;
        match self.tcp.absorb(news, |ip| board.is_known(ip)) {
            Some(News::Message(datagram)) => self.take(Input::Sip(datagram)),
            Some(News::Unreachable(_, remote)) => self.take(Input::Unreachable(Protocol::Tcp, remote)),
            Some(News::Route(protocol, remote)) => self.take(Input::Unreachable(protocol, remote)),
            Some(News::Idle(id)) if !self.board.needs_stream(id) => {
                self.tcp.close(id);
                self.take(Input::Closed(id));
            }
            Some(News::Closed(id)) => self.take(Input::Closed(id)),
            Some(News::Idle(_) | News::Accepted(_) | News::Connected(..)) | None => {}
        }
    }

    fn on_datagrams(&mut self, index: usize) {
        let mut batch = Vec::new();
        if let Some(udp) = self.udp.get_mut(index) {
            udp.read(|datagram| batch.push(datagram));
        }
        for datagram in batch {
            self.take(Input::Sip(datagram));
        }
        let gone = self.udp.get_mut(index).map(Udp::unreachable).unwrap_or_default();
        for remote in gone {
            self.take(Input::Unreachable(Protocol::Udp, remote));
        }
    }

    /// Feeds the watchdog only when every media worker has moved since the last time; this loop plainly has.
    fn beat(&mut self) {
        let beats = self.media.heartbeats();
        let stuck = beats.iter().zip(&self.heartbeats).any(|(now, before)| now == before);
        if stuck {
            tracing::error!("a media worker does not move: the watchdog is not fed");
        } else if self.notifier.watchdog().is_some() {
            self.notifier.tell(&format!("WATCHDOG=1\nSTATUS={}", self.summary()));
        }
        self.heartbeats = beats;
    }
}

async fn readable(sockets: &[Udp]) -> usize {
    match sockets {
        [] => std::future::pending().await,
        [only] => {
            let _ = only.readable().await;
            0
        }
        [first, rest @ ..] => tokio::select! {
            _ = first.readable() => 0,
            index = Box::pin(readable(rest)) => index + 1,
        },
    }
}

async fn loaded(reloading: &mut Option<Reloading>) -> Result<Edition, String> {
    match reloading {
        Some(reloading) => (&mut reloading.task).await.unwrap_or_else(|bug| Err(format!("a bug: {bug}\n"))),
        None => std::future::pending().await,
    }
}

async fn ask(requests: &mut Option<mpsc::Receiver<Request>>) -> Option<Request> {
    match requests {
        Some(requests) => requests.recv().await,
        None => std::future::pending().await,
    }
}

async fn changed(changes: &mut Option<mpsc::Receiver<()>>) -> Option<()> {
    match changes {
        Some(changes) => changes.recv().await,
        None => std::future::pending().await,
    }
}
