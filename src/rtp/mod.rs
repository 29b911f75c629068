//! RTP and its family, pure: packets, sequence numbers, RTCP, telephone-event. Knows nothing of sockets or codecs.

pub mod packet;
pub mod rtcp;
pub mod sequence;
pub mod telephone_event;
