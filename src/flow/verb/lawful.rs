//! What every verb says of itself: to operators in the reference and the schema, and to the laws of each step.

use super::super::prompt::Speech;
use super::super::value::Path;
use super::super::form::{Form, Row};
use super::way::Way;
use crate::base::name::Name;

/// What the laws ask of a step. Most steps have little to answer.
pub(in crate::flow) trait Lawful {
    /// Where it can lead.
    fn ways(&self) -> Vec<Way> {
        Vec::new()
    }
    /// Whether nothing of the block can come after it.
    fn is_end(&self) -> bool {
        false
    }
    /// Whether it can end the call, or bring the caller to somebody.
    fn can_end_call(&self) -> bool {
        false
    }
    /// Whether it listens to the caller: what comes after it in its block is no part of a deaf loop.
    fn listens(&self) -> bool {
        false
    }
    /// Whether it still runs when the caller has hung up: it is heard by nobody.
    fn is_silent(&self) -> bool {
        false
    }
    /// Everything that it can say.
    fn speeches(&self) -> Vec<&Speech> {
        Vec::new()
    }
    /// The variables and facts that it reads, those of its speech apart.
    fn reads(&self) -> Vec<&Path> {
        Vec::new()
    }
    /// The variables of which it asks whether they are known.
    fn asks(&self) -> Vec<&Path> {
        Vec::new()
    }
    /// The variables that are set when the next step comes.
    fn sets(&self) -> Vec<&Name> {
        Vec::new()
    }
    /// Variables that it may have set: who reads them asks first.
    fn may_set(&self) -> Vec<&Name> {
        Vec::new()
    }
}

/// Whether a verb says where the call goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Never: a step follows.
    Never,
    /// Always: nothing may follow.
    Always,
    /// By its options (`if` with both branches).
    Either,
}

/// A verb, as an operator learns it.
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// What it does, in a line.
    pub says: &'static str,
    /// What stands behind it.
    pub argument: Form,
    /// Its options.
    pub options: &'static [Row],
    /// Whether it ends its block.
    pub ends: Ends,
    /// A step as an operator writes it.
    pub example: &'static str,
}
