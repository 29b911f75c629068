//! What outlives the process: the store of records, the file of open calls, and what an earlier process has left in it.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{Options, StartError};
use crate::base::diagnostic::Text;
use crate::base::limit::ALARMS_KEPT_MAX;
use crate::io::open_calls::{Found, OpenCalls, Way};
use crate::io::store::{self, News, Store, Terms};
use crate::say;

/// See the module.
pub(super) struct Papers {
    pub(super) store: Store,
    /// What the operator must know of the store.
    pub(super) alarms: mpsc::Receiver<Text>,
    pub(super) open_calls: OpenCalls,
    pub(super) found: Found,
}

/// Opens them. The store first: it is locked against another server.
pub(super) fn open(options: &Options, terms: Terms) -> Result<Papers, StartError> {
    let way = Way::new();
    let over = way.over();
    let (sender, alarms) = mpsc::channel(ALARMS_KEPT_MAX);
    let told = move |news: News<'_>| match news {
        News::Durable(id) => over.tell(id),
        // Older ones are not looked at: it is in the log.
        News::Alarm(what) => drop(sender.try_send(what)),
    };
    let store = Store::open(&options.store, &options.old_records, terms, Arc::new(told))
        .map_err(|why| StartError::of_store(&options.store, &why))?;
    let ended = |ids: &[&str]| store::ended(&options.store, ids.iter().copied());
    let (open_calls, found) = OpenCalls::open(&options.open_calls, &ended, way).map_err(|why| {
        StartError::new(say!("cannot write down open calls in {}", options.open_calls.display()), &why)
    })?;
    Ok(Papers { store, alarms, open_calls, found })
}
