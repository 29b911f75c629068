//! SDP (RFC 8866 on `sdp-types`) and offer/answer (RFC 3264). Knows nothing of SIP, sockets or IVR.
