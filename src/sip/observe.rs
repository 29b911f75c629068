//! What the endpoint counts. Nonsense from the network is counted here instead of logged: a flood of log lines is an
//! attack too.

/// Totals since the start.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counters {
    /// Whole messages that came.
    pub(crate) received: u64,
    /// Messages sent, retransmissions included.
    pub(crate) sent: u64,
    /// Requests that came again and were absorbed or answered by the stored response.
    pub(crate) repeated: u64,
    /// Retransmissions of ours.
    pub(crate) retransmitted: u64,
    /// Messages that could not be read, and were answered 400, 505 or 513.
    pub(crate) malformed: u64,
    /// Messages that could not be read, and were dropped.
    pub(crate) dropped: u64,
    /// Responses that belong to no request of ours, and ACKs that belong to no call.
    pub(crate) stray: u64,
    /// Requests refused without a transaction, 400 to 699.
    pub(crate) refused: u64,
    /// 503 answered because a table was full.
    pub(crate) overloaded: u64,
    /// REGISTERs and INVITEs with a digest that proved nothing.
    pub(crate) denied: u64,
    /// Messages of banned addresses, which are not read.
    pub(crate) banned: u64,
    /// OPTIONS of strangers that were not answered.
    pub(crate) unanswered: u64,
    /// Requests of ours that nothing final answered.
    pub(crate) timed_out: u64,
}

/// What is alive now.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Census {
    /// INVITE usages that the switchboard knows.
    pub(crate) invites: usize,
    /// INVITE usages that are only waiting to say goodbye.
    pub(crate) leaving: usize,
    /// Transactions, client and server.
    pub(crate) transactions: usize,
    /// Contacts bound at the registrar.
    pub(crate) bindings: usize,
}
