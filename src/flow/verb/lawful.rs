//! What every verb says of itself: to operators in the reference and the schema, and to the laws of each step.

use super::super::draw::card::Drawn;
use super::super::form::{Form, Row};
use super::super::prompt::Speech;
use super::super::system::Phrase;
use super::super::value::{Kind, Path};
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
    /// What becomes of keys that were typed ahead of it.
    fn typed_ahead(&self) -> TypedAhead {
        if self.is_silent() { TypedAhead::Left } else { TypedAhead::Lost }
    }
    /// Everything that it can say.
    fn speeches(&self) -> Vec<&Speech> {
        Vec::new()
    }
    /// The sentences of svi's own that it can say.
    fn phrases(&self) -> Vec<Phrase> {
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
    /// The types of the variables that it sets or may set, as far as the step alone tells them; none: of any type.
    fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        Vec::new()
    }
    /// Values that these variables may get, the longest of a kind: what is said of them must be sayable.
    fn samples(&self) -> Vec<(&Name, String)> {
        Vec::new()
    }
    /// Variables that it may have set: who reads them asks first.
    fn may_set(&self) -> Vec<&Name> {
        Vec::new()
    }
}

/// All that a step says of itself.
pub(in crate::flow) trait Said: Lawful + Drawn {}

impl<T: Lawful + Drawn> Said for T {}

/// What becomes of keys that a caller has typed ahead when a step comes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypedAhead {
    /// It takes them.
    Taken,
    /// They are left to what comes next in the block, and to the blocks that it can lead to.
    Left,
    /// They were not meant for anything that comes after it.
    Lost,
}

/// Whether a verb says where the call goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
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
    pub(crate) says: &'static str,
    /// What stands behind it.
    pub(crate) argument: Form,
    /// Its options.
    pub(crate) options: &'static [Row],
    /// Whether it ends its block.
    pub(crate) ends: Ends,
    /// A step as an operator writes it.
    pub(crate) example: &'static str,
}
