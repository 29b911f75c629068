//! A verb whose file is all of it: nobody but the table of verbs knows its name. It says how it is begun and what it makes of
//! each event, beside what every verb says of itself.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::super::next::Next;
use super::super::turn::Turn;
use super::super::vocabulary::Event;
use super::lawful::Said;

/// A conversation with the caller, as its verb writes it.
pub(super) trait Converses {
    /// What it knows while it waits: exactly that, and no more.
    type Moment: Serialize + DeserializeOwned;
    /// It begins.
    fn begin(&self, turn: &mut Turn<'_>) -> Next<Self::Moment>;
    /// What it makes of an event; one that does not concern it changes nothing.
    fn hear(&self, moment: Self::Moment, event: Event, turn: &mut Turn<'_>) -> Next<Self::Moment>;
}

/// The same for the walk, which knows neither the verb nor what it waits in: to it a moment is what would be written of it.
pub(in crate::flow) trait Conversation {
    /// It begins.
    fn begin_walking(&self, turn: &mut Turn<'_>) -> Next<Json>;
    /// What it makes of an event.
    fn walk_on(&self, moment: Json, event: Event, turn: &mut Turn<'_>) -> Next<Json>;
}

impl<T: Converses> Conversation for T {
    fn begin_walking(&self, turn: &mut Turn<'_>) -> Next<Json> {
        self.begin(turn).map(|moment| written(&moment))
    }

    fn walk_on(&self, moment: Json, event: Event, turn: &mut Turn<'_>) -> Next<Json> {
        match serde_json::from_value(moment) {
            Ok(moment) => self.hear(moment, event, turn).map(|moment| written(&moment)),
            // What a verb wrote it reads. Of a call that another version of svi wrote down, the step is passed over.
            Err(_) => Next::Step,
        }
    }
}

fn written(moment: &impl Serialize) -> Json {
    serde_json::to_value(moment).unwrap_or_default()
}

/// All that is asked of such a step.
pub(in crate::flow) trait Whole: Said + Conversation + fmt::Debug + Send + Sync {}

impl<T: Said + Conversation + fmt::Debug + Send + Sync> Whole for T {}

/// A step of such a verb, whichever it is.
#[derive(Debug)]
pub(crate) struct Own(Box<dyn Whole>);

impl Own {
    pub(super) fn new(step: impl Whole + 'static) -> Self {
        Self(Box::new(step))
    }

    pub(in crate::flow) fn step(&self) -> &dyn Whole {
        &*self.0
    }
}
