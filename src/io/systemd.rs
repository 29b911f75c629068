//! The service manager's protocol: `sd_notify(3)` datagrams on `$NOTIFY_SOCKET`, and the watchdog's interval.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The way to the service manager; does nothing when the process was not started by one.
#[derive(Debug)]
pub(crate) struct Notifier {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Notifier {
    /// Reads `$NOTIFY_SOCKET`, `$WATCHDOG_USEC` and `$WATCHDOG_PID`.
    pub(crate) fn from_environment() -> Self {
        let address = std::env::var("NOTIFY_SOCKET").ok().and_then(|path| address(&path));
        let socket = address.and_then(|address| Some((UnixDatagram::unbound().ok()?, address)));
        let ours = std::env::var("WATCHDOG_PID").map_or(true, |pid| pid == std::process::id().to_string());
        let interval = std::env::var("WATCHDOG_USEC").ok().and_then(|usec| usec.parse().ok());
        let watchdog = interval.filter(|_| ours && socket.is_some()).map(Duration::from_micros);
        Self { socket, watchdog }
    }

    /// How often `WATCHDOG=1` is due: half of what the manager tolerates.
    pub(crate) fn watchdog(&self) -> Option<Duration> {
        self.watchdog.map(|interval| interval / 2)
    }

    /// Sends lines such as `READY=1\nSTATUS=12 calls`. A manager that does not listen is not our concern.
    pub(crate) fn tell(&self, lines: &str) {
        if let Some((socket, address)) = &self.socket {
            let _ = socket.send_to_addr(lines.as_bytes(), address);
        }
    }
}

/// While it lives, the manager is asked to wait: a start that renders texts takes its time.
pub(crate) struct Patience(Option<(Sender<()>, JoinHandle<()>)>);

/// How long the manager is asked to wait each time, and how often it is asked.
const PATIENCE: Duration = Duration::from_secs(30);
const ASKED_EVERY: Duration = Duration::from_secs(5);

impl Patience {
    /// Asks from now on; nothing when there is no manager.
    pub(crate) fn begin() -> Self {
        let notifier = Notifier::from_environment();
        if notifier.socket.is_none() {
            return Self(None);
        }
        let (stop, stopped) = channel();
        let ask = move || {
            let line = format!("EXTEND_TIMEOUT_USEC={}", PATIENCE.as_micros());
            notifier.tell(&line);
            while stopped.recv_timeout(ASKED_EVERY) == Err(RecvTimeoutError::Timeout) {
                notifier.tell(&line);
            }
        };
        let thread = std::thread::Builder::new().name("patience".into()).spawn(ask);
        Self(thread.ok().map(|thread| (stop, thread)))
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

/// A path, or `@name` in the abstract name space.
fn address(path: &str) -> Option<SocketAddr> {
    match path.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name.as_bytes()).ok(),
        None => SocketAddr::from_pathname(path).ok(),
    }
}
