//! The door for all that leaves to a number: may it, and does it fit. What is refused is told, once in a while.

use super::common::Common;
use super::edition::Edition;
use crate::base::time::{Duration, Instant};
use crate::centre::outgoing::{Barred, Outlet};
use crate::config::Site;
use crate::say;

/// An alarm of one kind is not told again within this.
const ALARM_EVERY: Duration = Duration::from_secs(600);

/// A number that was let out: what it costs is known when its talk has ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Toll {
    /// In normal form.
    pub(super) number: String,
    /// When it was answered.
    pub(super) since: Option<Instant>,
}

impl Common {
    /// Whether something may leave to a number; it is booked then. `site`: that of the call, whose flow names it.
    pub(super) fn lets_out(&mut self, site: &Site, raw: &str, origin: Outlet) -> Option<Toll> {
        let rules = &site.shared.outgoing;
        let judged = rules.judge(raw);
        let booked = judged.and_then(|number| {
            self.ledger.book(self.now.at, rules, &number, origin)?;
            Ok(number)
        });
        match booked {
            Ok(number) => Some(Toll { number, since: None }),
            Err(barred) => {
                self.counters.barred += 1;
                self.bar(barred);
                None
            }
        }
    }

    fn bar(&mut self, barred: Barred) {
        if self.barred_told.is_some_and(|(kind, at)| kind == barred && self.now.at.since(at) < ALARM_EVERY) {
            return;
        }
        self.barred_told = Some((barred, self.now.at));
        self.alarm(say!("a call or message was not let out: {}", &barred.text()));
    }
}

impl Edition {
    /// The number that a SIP address dials, if it is one: `sip:+33123456789@operator`.
    pub(super) fn number_in(uri: &str) -> Option<&str> {
        let user = uri.strip_prefix("sip:")?.split(['@', ';']).next()?;
        (user.starts_with('+') || uri.contains("user=phone")).then_some(user)
    }
}
