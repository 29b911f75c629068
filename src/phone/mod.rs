//! Our own softphone on `rsip` and tokio: the caller of tests, benches and `svi dial`. Shares no SIP code with the server.
