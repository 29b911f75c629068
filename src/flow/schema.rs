//! The JSON Schema of a flow, from the tables of its sections and verbs; see `base/form/schema.rs`.

use serde_json::Value as Json;

use super::compile::SECTIONS;
use crate::base::form::Row;
use crate::base::form::schema::Schema;

/// A flow's file, which may hold more than the flow.
pub(crate) fn flow(more: &[Row]) -> Json {
    Schema::file("svi: a flow", &[SECTIONS, more])
}
