//! The door for calls that come in, behind the one of trunks and numbers: `incoming:` of the site, with what has come of late.

use super::call::Call;
use super::common::Common;
use super::edition::Edition;
use super::route::{Refused, Route};
use crate::centre::incoming::{Ask, Incoming, Pumping};
use crate::centre::number::Class;
use crate::centre::traffic::{Notice, Whose};
use crate::flow::vocabulary::CallFacts;
use crate::sip::endpoint::Refusal;

impl Common {
    /// Whether a call is taken that has a flow.
    ///
    /// # Errors
    /// Why not: by rule, by a bound, or because a machine calls.
    pub(super) fn hears(&mut self, edition: &Edition, route: &Route) -> Result<(), Refused> {
        let rules = &edition.site.shared.incoming;
        let ask = Ask { today: route.today, ..asked(&route.facts, route.caller.class) };
        let judged = self.traffic.judge(self.now.at, rules, &ask);
        self.tell_traffic(rules);
        judged.map_err(|turned| {
            self.counters.turned += 1;
            let refusal = Refusal { status: turned.status(), retry_after: None };
            Refused { refusal, why: turned.why(), stranger: None }
        })
    }

    fn tell_traffic(&mut self, rules: &Incoming) {
        for notice in self.traffic.notices() {
            let what = match notice {
                Notice::Run { range, calls } => {
                    let done = match rules.pumping {
                        Pumping::Refuse => "more of them are refused",
                        Pumping::Alarm | Pumping::Ignore => {
                            "`incoming: { pumping: refuse }` would refuse them"
                        }
                    };
                    format!("a machine calls: {calls} idle calls from {range} within minutes; {done}")
                }
                Notice::Full { whose: Whose::Number, of } => {
                    format!("calls to {of} are refused: a bound of `incoming:`")
                }
                Notice::Full { of, .. } => format!("calls from {of} are refused: a bound of `incoming:`"),
            };
            self.alarm(what);
        }
    }
}

impl Call {
    /// It is one of the calls that came in.
    pub(super) fn enters_traffic(&self, common: &mut Common) {
        common.traffic.begin(
            common.now.at,
            &self.edition.site.shared.incoming,
            self.key.number(),
            &self.ask(),
        );
    }

    fn ask(&self) -> Ask<'_> {
        asked(&self.facts, self.record.caller_class.unwrap_or(Class::Unknown))
    }

    /// Its caller has done something: a machine that only costs does not.
    pub(super) fn stirs(&self, common: &mut Common) {
        common.traffic.stir(common.now.at, self.key.number(), &self.ask());
    }

    /// It goes on no more.
    pub(super) fn leaves_traffic(&self, common: &mut Common) {
        common.traffic.end(common.now.at, self.key.number(), &self.ask());
        common.tell_traffic(&self.edition.site.shared.incoming);
    }
}

fn asked(facts: &CallFacts, class: Class) -> Ask<'_> {
    let caller = facts.caller.as_ref().map(|caller| caller.reveal().as_str());
    Ask { caller, class, number: &facts.number, today: None }
}
