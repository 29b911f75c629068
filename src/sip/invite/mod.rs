//! One INVITE usage and its verbs: uas, uac, cancel, re-INVITE.
/// One INVITE usage.
#[derive(Debug)]
pub struct Invite {}
