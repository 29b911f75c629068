//! Programs of others: found or skipped, started, and ended by their own process id.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A program that a test needs, and the Debian package that brings it.
#[derive(Copy, Clone)]
pub struct Program {
    name: &'static str,
    package: &'static str,
}

/// SIPp, the traffic generator.
pub const SIPP: Program = Program { name: "sipp", package: "sip-tester" };
/// baresip, the softphone.
pub const BARESIP: Program = Program { name: "baresip", package: "baresip-core" };

impl Program {
    /// Where it is; `None` after having said how to install it.
    ///
    /// # Panics
    /// If `SVI_REQUIRE` names it and it is not there.
    pub fn find(self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found =
            std::env::split_paths(&path).map(|folder| folder.join(self.name)).find(|file| file.is_file());
        if found.is_none() {
            let required = std::env::var("SVI_REQUIRE").unwrap_or_default();
            let is_required = required.split(',').any(|name| name.trim() == self.name);
            assert!(!is_required, "SVI_REQUIRE names {}: apt-get install {}", self.name, self.package);
            eprintln!("SKIPPED: apt-get install {}", self.package);
        }
        found
    }
}

/// A child that does not outlive its test.
pub struct Peer {
    name: String,
    child: Child,
}

impl Peer {
    /// Starts `command` with its output caught.
    pub fn start(name: &str, command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name: name.to_string(), child }
    }

    /// The child itself.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it is still there after `longest`.
    pub async fn ended(&mut self, longest: Duration) -> ExitStatus {
        let until = Instant::now() + longest;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(Instant::now() < until, "{} has not ended after {longest:?}", self.name);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Only the child that we started, by its id.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ports of this process: below those that the system hands out to sockets without a wish (32768 and above), so that nobody
/// takes one between its choice and its use; and never the same twice.
const PORTS: std::ops::Range<u16> = 10_000..16_000;
/// Ports that one call of [`free_port`] gives: SIP, or RTP and RTCP of a few streams.
const BLOCK: u16 = 10;

/// A port of loopback that is free now, even, as are the nine above it; UDP and TCP.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let blocks = (PORTS.end - PORTS.start) / BLOCK;
    // Two runs of this suite at once begin at different places.
    let first = (std::process::id() % u32::from(blocks)) as u16;
    for _ in 0..blocks {
        let block = (first + NEXT.fetch_add(1, Ordering::Relaxed)) % blocks;
        let port = PORTS.start + block * BLOCK;
        let is_free = |port| UdpSocket::bind(("127.0.0.1", port)).is_ok();
        if (port..port + BLOCK).all(is_free) && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}

/// Waits until somebody holds that port: programs need a moment, and say nothing when they are ready.
///
/// # Panics
/// If nobody does within two seconds.
pub async fn listening(server: SocketAddr) {
    for _ in 0..200 {
        if UdpSocket::bind(server).is_err() || TcpListener::bind(server).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody listens at {server}");
}

/// Looks every 50 ms until there is something, for programs that do not say when they are done.
///
/// # Panics
/// With `what` if there is nothing within 15 seconds.
pub async fn eventually<T>(what: impl Fn() -> String, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(15);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "in vain: {}", what());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A folder for one test, emptied before and removed when all went well.
pub struct Folder(PathBuf);

impl Folder {
    /// A fresh one.
    pub fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("phones-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder of our own");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file in it.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.file(name);
        std::fs::create_dir_all(file.parent().expect("inside")).expect("a folder of our own");
        std::fs::write(file, text).expect("a file of our own");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What went wrong is left for reading.
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
