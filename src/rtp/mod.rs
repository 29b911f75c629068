//! RTP and its family, pure: packets, sequence numbers, RTCP, telephone-event. Knows nothing of sockets or codecs.

pub mod packet;
pub(crate) mod rtcp;
pub(crate) mod sequence;
pub(crate) mod telephone_event;
