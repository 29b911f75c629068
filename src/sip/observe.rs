//! What the endpoint counts. Nonsense from the network is counted here instead of logged: a flood of log lines is an
//! attack too.

/// Totals since the start.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counters {
    /// Whole messages that came.
    pub received: u64,
    /// Messages sent, retransmissions included.
    pub sent: u64,
    /// Requests that came again and were absorbed or answered by the stored response.
    pub repeated: u64,
    /// Retransmissions of ours.
    pub retransmitted: u64,
    /// Messages that could not be read, and were answered 400, 505 or 513.
    pub malformed: u64,
    /// Messages that could not be read, and were dropped.
    pub dropped: u64,
    /// Responses that belong to no request of ours, and ACKs that belong to no call.
    pub stray: u64,
    /// Requests refused without a transaction, 400 to 699.
    pub refused: u64,
    /// 503 answered because a table was full.
    pub overloaded: u64,
    /// REGISTERs and INVITEs with a digest that proved nothing.
    pub denied: u64,
    /// Requests of ours that nothing final answered.
    pub timed_out: u64,
}

/// What is alive now.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Census {
    /// INVITE usages that the switchboard knows.
    pub invites: usize,
    /// INVITE usages that are only waiting to say goodbye.
    pub leaving: usize,
    /// Transactions, client and server.
    pub transactions: usize,
    /// Contacts bound at the registrar.
    pub bindings: usize,
}
