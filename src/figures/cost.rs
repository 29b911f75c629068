//! What a call costs: the call that came in, each call that went out for it, its text messages. An estimate by the tariffs in
//! force at its moment, which is written into its record, so that a change of tariffs never rewrites the past.

use std::collections::BTreeMap;

use super::money::Money;
use super::tariff::{Billed, Tariff};
use crate::base::name::Name;
use crate::centre::cost_record::CostRecord;
use crate::centre::leg_record::LegRecord;
use crate::centre::number::{self, Class};
use crate::centre::record::{CallRecord, Clocks};

/// The tariffs of a site, and what goes by which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tariffs {
    /// All of them.
    pub(crate) all: BTreeMap<Name, Tariff>,
    /// Campaigns: these come before their numbers.
    pub(crate) campaigns: BTreeMap<Name, Name>,
    /// Numbers, in normal form.
    pub(crate) numbers: BTreeMap<String, Name>,
    /// Trunks by which calls leave; calls that come in by one go by it when neither campaign nor number has a tariff.
    pub(crate) trunks: BTreeMap<Name, Name>,
    /// The gateway of text messages.
    pub(crate) sms: Option<Name>,
}

impl Tariffs {
    /// What a call goes by that comes in.
    fn incoming(&self, record: &CallRecord) -> Option<(&Name, &Tariff)> {
        let campaign = record.campaign.as_ref().and_then(|campaign| self.campaigns.get(campaign));
        let number = || record.number.as_ref().and_then(|number| self.numbers.get(number));
        let trunk = || record.trunk.as_ref().and_then(|trunk| self.trunks.get(trunk));
        self.all.get_key_value(campaign.or_else(number).or_else(trunk)?)
    }

    fn trunk(&self, trunk: &Name) -> Option<&Tariff> {
        self.all.get(self.trunks.get(trunk)?)
    }

    /// A text message of one part.
    fn sms(&self) -> Option<Money> {
        self.all.get(self.sms.as_ref()?)?.sms
    }
}

/// Writes into a record what the call costs, and into each of its legs what that costs.
pub(crate) fn charge(record: &mut CallRecord, tariffs: &Tariffs) {
    let legs: Vec<_> = record.legs.iter().map(|leg| outgoing(leg, tariffs)).collect();
    for (leg, billed) in record.legs.iter_mut().zip(&legs) {
        leg.cost_micros = billed.map(|billed| billed.price.as_micros());
    }
    record.cost = Some(sum(record, &legs, tariffs));
}

/// What a call costs.
pub(crate) fn of(record: &CallRecord, tariffs: &Tariffs) -> CostRecord {
    let legs: Vec<_> = record.legs.iter().map(|leg| outgoing(leg, tariffs)).collect();
    sum(record, &legs, tariffs)
}

fn sum(record: &CallRecord, legs: &[Option<Billed>], tariffs: &Tariffs) -> CostRecord {
    let tariff = tariffs.incoming(record).filter(|_| comes_in(record));
    let billed = tariff.and_then(|(_, tariff)| incoming(record, tariff)).unwrap_or_default();
    let outgoing: Money = legs.iter().flatten().map(|billed| billed.price).sum();
    let sms = tariffs.sms();
    let messages = sms.unwrap_or_default().times(u64::from(record.sms));
    let unpriced = record.sms > 0 && sms.is_none();
    CostRecord {
        total_micros: (billed.price + outgoing + messages).as_micros(),
        incoming_micros: billed.price.as_micros(),
        outgoing_micros: outgoing.as_micros(),
        messages_micros: messages.as_micros(),
        waiting_micros: billed.of_time.part(queued_ms(record), length_ms(&record.clocks)).as_micros(),
        tariff: tariff.map(|(name, _)| name.clone()),
        billed_s: billed.ms.div_ceil(1_000),
        unsure: billed.unsure || unpriced || legs.iter().flatten().any(|billed| billed.unsure),
    }
}

/// Whether an operator brought it: a phone of ours costs nothing, and who is called back has a leg of its own.
fn comes_in(record: &CallRecord) -> bool {
    record.trunk.is_some() && record.callback_of.is_none()
}

fn incoming(record: &CallRecord, tariff: &Tariff) -> Option<Billed> {
    record.answered?;
    let class = record.caller_class.unwrap_or(Class::Unknown);
    Some(tariff.incoming(class, length_ms(&record.clocks)))
}

/// What a leg is billed; none of a phone that is registered here. Without an answer it costs nothing; without a tariff what it
/// costs is not known.
fn outgoing(leg: &LegRecord, tariffs: &Tariffs) -> Option<Billed> {
    let trunk = leg.trunk.as_ref()?;
    let Some(ms) = leg.talk_ms else { return Some(Billed::default()) };
    let Some(tariff) = tariffs.trunk(trunk) else {
        return Some(Billed { unsure: true, ..Billed::default() });
    };
    let to = number::normalise(leg.to.reveal());
    Some(tariff.outgoing(to.number.as_deref().unwrap_or_default(), to.class, ms))
}

/// From the answer to the end, by the clock that nobody sets.
pub(super) fn length_ms(clocks: &Clocks) -> u64 {
    clocks.flow_ms.saturating_add(clocks.wait_ms).saturating_add(clocks.talk_ms)
}

/// In queues; older records tell only all of the waiting.
fn queued_ms(record: &CallRecord) -> u64 {
    let length = length_ms(&record.clocks);
    if record.visits.is_empty() {
        return if record.queue.is_some() { record.clocks.wait_ms.min(length) } else { 0 };
    }
    record.visits.iter().fold(0, |sum: u64, visit| sum.saturating_add(visit.wait_ms)).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pii::Pii;
    use crate::centre::leg_record::LegOutcome;
    use crate::centre::visit_record::VisitEnd;
    use crate::figures::origin::Origin;
    use crate::figures::sample::{call, leg, visit};
    use crate::figures::tariff::tests::fixture;
    use crate::figures::tariff::{Rate, Target};

    fn tariffs() -> Tariffs {
        let mut out = fixture('B');
        let rate = |per_minute| Rate { per_minute: Money::micros(per_minute), ..Rate::default() };
        out.to =
            [(Target::Prefix("+336".into()), rate(100_000)), (Target::Kind(Origin::Fixed), rate(10_000))]
                .into();
        out.sms = Some(Money::micros(45_000));
        Tariffs {
            all: [("a", fixture('A')), ("b", out), ("c", fixture('C'))]
                .map(|(name, it)| (name.into(), it))
                .into(),
            campaigns: [("printemps".into(), "c".into())].into(),
            numbers: [("+33800123456".to_owned(), "a".into())].into(),
            trunks: [("operateur".into(), "b".into())].into(),
            sms: Some("b".into()),
        }
    }

    /// 10 s in the flow, 20 s in a queue, 30 s of talk.
    fn minute() -> CallRecord {
        let clocks = Clocks { ring_ms: 5_000, flow_ms: 10_000, wait_ms: 20_000, talk_ms: 30_000 };
        CallRecord { clocks, visits: vec![visit(VisitEnd::Answered)], ..call() }
    }

    #[test]
    fn a_call_costs_what_came_in_what_went_out_and_what_was_sent() {
        let mobile = |talk_ms| LegRecord {
            trunk: Some("operateur".into()),
            to: Pii::new("+33698765432".into()),
            ..leg(LegOutcome::Answered, talk_ms, None)
        };
        let phone = leg(LegOutcome::Answered, Some(30_000), None);
        let mut record =
            CallRecord { legs: vec![mobile(Some(30_000)), mobile(None), phone], sms: 2, ..minute() };
        let cost = of(&record, &tariffs());
        charge(&mut record, &tariffs());
        assert_eq!(record.cost.as_ref(), Some(&cost));
        let legs: Vec<_> = record.legs.iter().map(|leg| leg.cost_micros).collect();
        assert_eq!(legs, [Some(50_000), Some(0), None], "unanswered is free, a phone of ours has no price");
        let expected = CostRecord {
            total_micros: 60_000 + 50_000 + 90_000,
            incoming_micros: 60_000,
            outgoing_micros: 50_000,
            messages_micros: 90_000,
            waiting_micros: 20_000,
            tariff: Some("a".into()),
            billed_s: 60,
            unsure: false,
        };
        assert_eq!(cost, expected);
    }

    #[test]
    fn the_campaign_comes_before_the_number_and_the_number_before_the_trunk() {
        let tariff = |record: &CallRecord| of(record, &tariffs()).tariff.map(|name| name.to_string());
        let mut record = minute();
        record.campaign = Some("printemps".into());
        assert_eq!(tariff(&record).as_deref(), Some("c"));
        record.campaign = Some("automne".into());
        assert_eq!(tariff(&record).as_deref(), Some("a"));
        record.number = Some("+33123456789".into());
        assert_eq!(tariff(&record).as_deref(), Some("b"));
        record.trunk = Some("autre".into());
        assert_eq!(tariff(&record), None);
        assert_eq!(of(&record, &tariffs()), CostRecord::default(), "nothing that is known");
    }

    #[test]
    fn nobody_pays_for_a_call_without_an_answer_or_without_an_operator() {
        let unanswered = CallRecord { answered: None, clocks: Clocks::default(), ..call() };
        let cost = of(&unanswered, &tariffs());
        assert_eq!((cost.total_micros, cost.billed_s, cost.tariff), (0, 0, Some("a".into())));
        assert_eq!(of(&CallRecord { trunk: None, ..minute() }, &tariffs()), CostRecord::default());
        let back = CallRecord { callback_of: Some("01".into()), ..minute() };
        assert_eq!(of(&back, &tariffs()).incoming_micros, 0, "we called");
    }

    #[test]
    fn what_has_no_price_is_told() {
        let secret = CallRecord { caller_class: Some(Class::Secret), ..minute() };
        let cost = of(&secret, &tariffs());
        assert_eq!((cost.incoming_micros, cost.unsure), (60_000, true), "the dearest rate");
        let unknown = CallRecord { caller_class: None, ..minute() };
        assert!(of(&unknown, &tariffs()).unsure);
        let unpriced = Tariffs { sms: None, ..tariffs() };
        assert!(of(&CallRecord { sms: 1, ..minute() }, &unpriced).unsure);
        let elsewhere = LegRecord { trunk: Some("autre".into()), ..leg(LegOutcome::Answered, Some(1), None) };
        let cost = of(&CallRecord { legs: vec![elsewhere], ..minute() }, &tariffs());
        assert_eq!((cost.outgoing_micros, cost.unsure), (0, true));
    }

    #[test]
    fn a_fee_is_no_cost_of_waiting_and_older_records_tell_their_waiting_by_the_clock() {
        let mut record = CallRecord { number: None, ..minute() };
        let cost = of(&record, &tariffs());
        assert_eq!((cost.incoming_micros, cost.waiting_micros), (80_000, 23_333), "a third of 70,000");
        record.visits.clear();
        assert_eq!(of(&record, &tariffs()).waiting_micros, 0, "somebody's phone rang");
        record.queue = Some("sav".into());
        assert_eq!(of(&record, &tariffs()).waiting_micros, 23_333);
    }

    /// Fifty calls of three tariffs, reckoned by other means (fractions of Python): what a French bill would say.
    #[test]
    fn the_french_bill_of_fifty_calls_is_met_to_the_millionth() {
        let bill = include_str!("facture.tsv");
        let lines = bill.lines().filter(|line| !line.starts_with('#'));
        let mut total = Money::ZERO;
        for line in lines.clone() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [tariff, caller, ms, billed, price, sure] = cells[..] else { panic!("{line}") };
            let class = number::normalise(caller).class;
            let ms: u64 = ms.parse().unwrap();
            let answered = call().answered.filter(|_| ms > 0);
            let clocks = Clocks { flow_ms: ms, ..Clocks::default() };
            let record = CallRecord { caller_class: Some(class), answered, clocks, number: None, ..call() };
            let trunks = [("operateur".into(), tariff.into())].into();
            let cost = of(&record, &Tariffs { trunks, all: all(), ..Tariffs::default() });
            let told = (cost.billed_s, Money::micros(cost.total_micros).to_string(), !cost.unsure);
            assert_eq!(told, (billed.parse().unwrap(), price.to_owned(), sure == "sure"), "{line}");
            total += Money::micros(cost.total_micros);
        }
        assert_eq!((lines.count(), total.to_string().as_str()), (50, "12.136750"));
    }

    fn all() -> BTreeMap<Name, Tariff> {
        ['A', 'B', 'C'].map(|name| (Name::from(name.to_string()), fixture(name))).into()
    }
}
