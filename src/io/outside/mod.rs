//! The outside of flows: what the verbs `http`, `identify`, `sms` and `email` want done. Two threads beside the driver's: one
//! asks (`desk.rs`), one sends letters and may wait for the disk (`outbox.rs`). Nothing here makes a call wait.

mod address;
mod breaker;
mod connect;
mod desk;
mod http;
mod judge;
mod mail;
mod outbox;
mod policy;
mod schedule;
mod sms;
mod spool;
mod trust;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, watch};

use self::connect::{Names, system_names};
use self::desk::Desk;
use self::outbox::Outbox;
use self::policy::Policies;
use self::spool::Spool;
use self::trust::Trust;
use super::clock::Clock;
use crate::base::diagnostic::Text;
use crate::base::limit::{FETCHES_MAX, LETTERS_COMING_MAX, OUTSIDE_NEWS_MAX};
use crate::base::rng::Rng;
use crate::config::site::Shared;
use crate::flow::errand::{Fetch, FetchFailure, Fetched, Letter};
use crate::say;
use crate::switchboard::EffectId;

/// Where the outside keeps and finds files.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Letters that wait: `<state>/outbox`.
    pub(crate) outbox: PathBuf,
    /// Recordings that go with letters.
    pub(crate) messages: PathBuf,
}

/// What the outside tells.
#[derive(Debug)]
pub(crate) enum News {
    /// A question is answered, or not. Each question has exactly one.
    Fetched(EffectId, Fetched),
    /// Something is wrong that the operator should hear of.
    Alarm(Text),
}

/// The way to the outside. Nothing of it waits.
pub(crate) struct Outside {
    site: watch::Sender<Arc<Shared>>,
    questions: Option<mpsc::Sender<(EffectId, Fetch)>>,
    letters: Option<mpsc::Sender<Letter>>,
    news: mpsc::Sender<News>,
    /// Letters in the spool.
    waiting: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Outside {
    /// Starts the threads, takes up the letters that an earlier process left, and gives the way to listen.
    ///
    /// # Errors
    /// The spool folder cannot be made or read, or the threads cannot be had.
    pub(crate) fn start(
        shared: Arc<Shared>,
        folders: Folders,
        rng: Rng,
    ) -> io::Result<(Self, mpsc::Receiver<News>)> {
        Self::start_with(shared, folders, rng, system_names())
    }

    fn start_with(
        shared: Arc<Shared>,
        folders: Folders,
        rng: Rng,
        names: Names,
    ) -> io::Result<(Self, mpsc::Receiver<News>)> {
        let (spool, told) = Spool::open(&folders.outbox, rng, Clock::start().now().wall)?;
        let trust = Trust::of_system();
        let (site, watched) = watch::channel(shared);
        let (questions, orders) = mpsc::channel(FETCHES_MAX);
        let (letters, coming) = mpsc::channel(LETTERS_COMING_MAX);
        let (news, receiver) = mpsc::channel(OUTSIDE_NEWS_MAX);
        told.into_iter().for_each(|text| drop(news.try_send(News::Alarm(text))));
        let desk = Desk {
            site: watched.clone(),
            trust: trust.clone(),
            names: names.clone(),
            orders,
            news: news.clone(),
        };
        let messages = folders.messages;
        let waiting = Arc::new(AtomicUsize::new(spool.len()));
        let count = Arc::clone(&waiting);
        let outbox = Outbox {
            site: watched,
            trust,
            names,
            spool,
            messages,
            letters: coming,
            news: news.clone(),
            waiting: count,
        };
        let threads = vec![thread("outside", desk.run())?, thread("outbox", outbox.run())?];
        Ok((
            Self { site, questions: Some(questions), letters: Some(letters), news, waiting, threads },
            receiver,
        ))
    }

    /// Asks a question. Its answer comes as [`News::Fetched`] with the same number.
    pub(crate) fn fetch(&self, id: EffectId, fetch: Fetch) {
        let taken = self.questions.as_ref().is_some_and(|questions| questions.try_send((id, fetch)).is_ok());
        if !taken {
            self.tell(News::Fetched(id, Fetched::Failed(FetchFailure::Overloaded)));
        }
    }

    /// Sends a letter: it is written to the disk, then tried for a day.
    pub(crate) fn send(&self, letter: Letter) {
        let taken = self.letters.as_ref().is_some_and(|letters| letters.try_send(letter).is_ok());
        if !taken {
            self.tell(News::Alarm(say!("a letter is lost: more than {} come at once", LETTERS_COMING_MAX)));
        }
    }

    /// Letters that wait to be sent.
    pub(crate) fn letters_waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The site was read again. Questions on their way keep the rules that they began with; letters that wait follow the new ones.
    pub(crate) fn configure(&self, shared: Arc<Shared>) {
        self.site.send_replace(shared);
    }

    /// Ends both threads: no question is asked any more, letters wait for the next start. What is being delivered is cut off,
    /// and sent again then.
    pub(crate) fn stop(&mut self) {
        (self.questions, self.letters) = (None, None);
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the outside had died");
            }
        }
    }

    fn tell(&self, news: News) {
        if let Err(why) = self.news.try_send(news) {
            tracing::error!(%why, "nobody takes what the outside says");
        }
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Asks one question, by the rules of a site: for `svi simulate --real`.
pub(crate) async fn fetch_once(shared: &Shared, fetch: Fetch) -> Fetched {
    let (policies, problems) = Policies::of_site(shared, &Trust::of_system());
    for problem in problems {
        tracing::warn!("{}", problem.english());
    }
    http::ask(&fetch, &policies, &system_names(), None).await.0
}

/// The same for who can wait for the answer, and may stand in a runtime of their own.
pub(crate) fn fetch_blocking(shared: &Shared, fetch: Fetch) -> Fetched {
    let failed = Fetched::Failed(FetchFailure::Unreachable);
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            Some(runtime.block_on(fetch_once(shared, fetch)))
        });
        asked.join().ok().flatten().unwrap_or(failed)
    })
}

/// What of a site's outside is wrong that only files show: certificates, the sender of mail. For `svi check` and reloads.
pub(crate) fn problems(shared: &Shared) -> Vec<Text> {
    let trust = Trust::of_system();
    let (_, mut problems) = Policies::of_site(shared, &trust);
    problems.extend(shared.sms.as_ref().and_then(|sms| Policies::of_gateway(sms, shared, &trust).1));
    problems.extend(shared.mail.as_ref().and_then(|mail| mail::Postman::new(mail).err()));
    problems
}

fn thread(name: &str, work: impl Future<Output = ()> + Send + 'static) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name(name.into()).spawn(move || {
        runtime.block_on(work);
        // A name that is still being looked up is not waited for.
        runtime.shutdown_background();
    })
}

#[cfg(test)]
mod tests;
