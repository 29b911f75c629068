//! An operator's mistake, with its place (filled by the flow room).
