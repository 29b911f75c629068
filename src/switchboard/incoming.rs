//! The door for calls that come in, behind the one of trunks and numbers: `incoming:` of the site, with what has come of late.

use super::call::Call;
use super::common::Common;
use super::edition::Edition;
use super::route::{Refused, Route};
use crate::base::diagnostic::Text;
use crate::centre::incoming::{Ask, Incoming, Pumping};
use crate::centre::number::Class;
use crate::centre::traffic::{Notice, Whose};
use crate::flow::vocabulary::CallFacts;
use crate::say;
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
                        Pumping::Refuse => Text::word("more of them are refused"),
                        Pumping::Alarm | Pumping::Ignore => {
                            Text::word("`incoming: { pumping: refuse }` would refuse them")
                        }
                    };
                    say!("a machine calls: {} idle calls from {} within minutes; {}", calls, range, &done)
                }
                Notice::Full { whose: Whose::Number, of } => {
                    say!("calls to {} are refused: a bound of `incoming:`", of)
                }
                Notice::Full { of, .. } => say!("calls from {} are refused: a bound of `incoming:`", of),
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
