//! What a server is started with, and why it could not be.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::base::diagnostic::{Text, Tongue};
use crate::io::store::{Place, StoreError};
use crate::say;
use crate::switchboard::Edition;

/// How the driver gets a fresh edition on reload: reads everything again, or says all that is wrong.
pub(crate) type Loader = Arc<dyn Fn() -> Result<Edition, String> + Send + Sync>;

/// What the driver needs beside the edition.
pub(crate) struct Options {
    /// Where to listen for `svi status`; none: nowhere.
    pub(crate) control: Option<PathBuf>,
    /// Where call records are kept.
    pub(crate) store: Place,
    /// The file of call records of an earlier version, which is taken into the store.
    pub(crate) old_records: PathBuf,
    /// The file of calls that go on, for the next process.
    pub(crate) open_calls: PathBuf,
    /// The folder of the mailboxes.
    pub(crate) mailboxes: PathBuf,
    /// The folder of messages and e-mails that wait to be sent.
    pub(crate) outbox: PathBuf,
    /// How long calls in progress may go on after SIGTERM.
    pub(crate) drain_max: Duration,
    /// The language of what is said to who started it.
    pub(crate) tongue: Tongue,
    /// Reads the site again.
    pub(crate) reload: Loader,
    /// Files and folders whose change makes it be read again; none: only when it is told to.
    pub(crate) watch: Vec<PathBuf>,
}

/// Why a server cannot start.
#[derive(Debug)]
pub(crate) struct StartError {
    /// What was tried: "cannot listen on 0.0.0.0:5060 (udp)".
    pub(crate) what: Text,
    /// What the system said.
    pub(crate) why: Text,
}

impl StartError {
    /// What was tried, and what the system said.
    pub(super) fn new(what: Text, why: &io::Error) -> Self {
        Self { what, why: Text::raw(why.to_string()) }
    }

    /// The store cannot be had.
    pub(super) fn of_store(place: &Place, why: &StoreError) -> Self {
        Self { what: say!("cannot keep call records in {}", place), why: why.to_text() }
    }

    /// In words.
    pub(crate) fn to_text(&self) -> Text {
        say!("{}: {}", self.what, self.why)
    }
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text().english())
    }
}
