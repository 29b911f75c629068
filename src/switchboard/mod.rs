//! The one owner of all calls, agents and queues.
