//! RTP and its family, pure: packets, sequence numbers, RTCP, telephone-event. Knows nothing of sockets or codecs.
