//! Where questions arrive: how many may be on their way, which hosts rest, which connections are open. One task owns it all.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};

use super::News;
use super::breaker::{Breakers, Permit};
use super::connect::{Connection, Names};
use super::http::{self, Idle};
use super::policy::Policies;
use super::trust::Trust;
use crate::base::limit::{
    FETCH_IDLE, FETCH_IDLE_MAX, FETCH_IDLE_PER_HOST_MAX, FETCHES_MAX, FETCHES_PER_HOST_MAX,
};
use crate::base::url::Url;
use crate::config::site::Shared;
use crate::flow::errand::{Fetch, FetchFailure, Fetched};
use crate::io::clock::Clock;
use crate::switchboard::EffectId;

/// What the desk is made of.
pub(crate) struct Desk {
    pub(crate) site: watch::Receiver<Arc<Shared>>,
    pub(crate) trust: Trust,
    pub(crate) names: Names,
    pub(crate) orders: mpsc::Receiver<(EffectId, Fetch)>,
    pub(crate) news: mpsc::Sender<News>,
}

impl Desk {
    /// Serves until nobody can ask any more.
    pub(crate) async fn run(mut self) {
        let shared = Arc::clone(&self.site.borrow_and_update());
        let (policies, problems) = Policies::of_site(&shared, &self.trust);
        let mut state = State {
            clock: Clock::start(),
            names: self.names.clone(),
            news: self.news.clone(),
            policies: Arc::new(policies),
            breakers: Breakers::default(),
            idle: Vec::new(),
            asked: BTreeMap::new(),
            tasks: JoinSet::new(),
        };
        problems.into_iter().for_each(|problem| state.tell(News::Alarm(problem)));
        loop {
            tokio::select! {
                biased;
                Ok(()) = self.site.changed() => {
                    let shared = Arc::clone(&self.site.borrow_and_update());
                    let (policies, problems) = Policies::of_site(&shared, &self.trust);
                    // What was open under other rules is not used under these.
                    state.idle.clear();
                    state.policies = Arc::new(policies);
                    problems.into_iter().for_each(|problem| state.tell(News::Alarm(problem)));
                }
                Some(done) = state.tasks.join_next_with_id() => state.finish(done),
                order = self.orders.recv() => match order {
                    Some((id, fetch)) => state.begin(id, fetch),
                    None => return,
                },
            }
        }
    }
}

struct State {
    clock: Clock,
    names: Names,
    news: mpsc::Sender<News>,
    policies: Arc<Policies>,
    breakers: Breakers,
    /// The last one was used last.
    idle: Vec<Waiting>,
    asked: BTreeMap<Id, Asked>,
    tasks: JoinSet<Done>,
}

/// A question on its way.
struct Asked {
    id: EffectId,
    authority: String,
    permit: Permit,
}

/// A connection that waits for another question.
struct Waiting {
    idle: Idle,
    since: crate::base::time::Instant,
}

type Done = (Fetched, Option<Idle>, Arc<Policies>);

impl State {
    fn begin(&mut self, id: EffectId, fetch: Fetch) {
        let Some(url) = Url::parse(&fetch.url) else {
            tracing::warn!("a flow asks an address that is none");
            return self.tell(News::Fetched(id, Fetched::Failed(FetchFailure::Unreachable)));
        };
        let authority = url.authority();
        let to_host = self.asked.values().filter(|asked| asked.authority == authority).count();
        if self.asked.len() >= FETCHES_MAX || to_host >= FETCHES_PER_HOST_MAX {
            return self.tell(News::Fetched(id, Fetched::Failed(FetchFailure::Overloaded)));
        }
        let Some(permit) = self.breakers.permit(&authority, self.clock.at()) else {
            return self.tell(News::Fetched(id, Fetched::Failed(FetchFailure::Resting)));
        };
        let connection = self.take_idle(&http::origin(&url));
        let (policies, names) = (Arc::clone(&self.policies), self.names.clone());
        let task = self.tasks.spawn(async move {
            let (fetched, idle) = http::ask(&fetch, &policies, &names, connection).await;
            (fetched, idle, policies)
        });
        self.asked.insert(task.id(), Asked { id, authority, permit });
    }

    fn finish(&mut self, done: Result<(Id, Done), JoinError>) {
        let (task, fetched, idle) = match done {
            Ok((task, (fetched, idle, policies))) => {
                (task, fetched, idle.filter(|_| Arc::ptr_eq(&policies, &self.policies)))
            }
            Err(why) => {
                tracing::error!(%why, "a bug: a question to the outside panicked");
                (why.id(), Fetched::Failed(FetchFailure::Unreachable), None)
            }
        };
        let Entry::Occupied(asked) = self.asked.entry(task) else { return };
        let Asked { id, authority, permit } = asked.remove();
        if is_failure(&fetched) {
            if self.breakers.failed(&authority, permit, self.clock.at()) {
                tracing::warn!(host = %authority, "this host keeps failing and is left alone for a while");
            }
        } else {
            self.breakers.succeeded(&authority, permit);
        }
        if let Some(idle) = idle {
            self.keep(idle);
        }
        self.tell(News::Fetched(id, fetched));
    }

    fn take_idle(&mut self, origin: &str) -> Option<Connection> {
        self.forget_old();
        let place = self.idle.iter().rposition(|waiting| waiting.idle.origin == origin)?;
        Some(self.idle.remove(place).idle.connection)
    }

    fn keep(&mut self, idle: Idle) {
        self.forget_old();
        let same = self.idle.iter().filter(|waiting| waiting.idle.origin == idle.origin).count();
        if same < FETCH_IDLE_PER_HOST_MAX {
            if self.idle.len() >= FETCH_IDLE_MAX {
                self.idle.remove(0);
            }
            self.idle.push(Waiting { idle, since: self.clock.at() });
        }
    }

    fn forget_old(&mut self) {
        let now = self.clock.at();
        self.idle
            .retain(|waiting| now.since(waiting.since) < FETCH_IDLE && !waiting.idle.connection.is_closed());
    }

    fn tell(&self, news: News) {
        if let Err(why) = self.news.try_send(news) {
            tracing::error!(%why, "nobody takes what the outside says");
        }
    }
}

/// Whether an answer says that the host does not work: a breaker counts it.
fn is_failure(fetched: &Fetched) -> bool {
    match fetched {
        Fetched::Answer { status, .. } => *status >= 500,
        Fetched::Failed(why) => matches!(why, FetchFailure::Timeout | FetchFailure::Unreachable),
    }
}
