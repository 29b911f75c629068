//! What a walk may ask while it takes a step: the facts of the world, and the other flows of its edition.

use std::sync::Arc;

use super::facts::Facts;
use super::graph::Flow;

/// See the module. Implemented by the switchboard and the simulator.
pub trait Context: Facts {
    /// Another flow of the same edition, by name.
    fn flow(&self, name: &str) -> Option<Arc<Flow>>;
}
