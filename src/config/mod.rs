//! stub
use std::collections::BTreeMap; use crate::base::name::Name; use std::sync::Arc;
pub mod site;
pub use site::*;
#[derive(Debug)] pub struct Site { pub shared: Shared, pub numbers: BTreeMap<String, Arc<crate::flow::graph::Flow>>, pub flows: BTreeMap<Name, Arc<crate::flow::graph::Flow>> }
