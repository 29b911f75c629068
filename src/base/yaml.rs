//! The one door of the YAML crates (filled by the flow room).
