//! What a server is started with, and why it could not be.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::switchboard::Edition;

/// How the driver gets a fresh edition on reload: reads everything again, or says all that is wrong.
pub type Loader = Arc<dyn Fn() -> Result<Edition, String> + Send + Sync>;

/// What the driver needs beside the edition.
pub struct Options {
    /// Where to listen for `svi status`; none: nowhere.
    pub control: Option<PathBuf>,
    /// The file that call records are appended to.
    pub records: PathBuf,
    /// The folder of the mailboxes.
    pub mailboxes: PathBuf,
    /// The folder of messages and e-mails that wait to be sent.
    pub outbox: PathBuf,
    /// How long calls in progress may go on after SIGTERM.
    pub drain_max: Duration,
    /// Reads the site again.
    pub reload: Loader,
    /// Files and folders whose change makes it be read again; none: only when it is told to.
    pub watch: Vec<PathBuf>,
}

/// Why a server cannot start.
#[derive(Debug)]
pub struct StartError {
    /// What was tried: "cannot listen on 0.0.0.0:5060 (udp)".
    pub what: String,
    /// What the system said.
    pub why: io::Error,
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}
