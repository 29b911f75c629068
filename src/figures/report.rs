//! Tallies gathered by what people ask for: a line for each number, campaign, queue, agent, or stretch of time.

use std::collections::BTreeMap;

use super::catalogue::Figure;
use super::interval::{Interval, Width};
use super::tally::{Additive, Key, Tally};
use crate::base::name::Name;
use crate::base::time::Wall;

/// What a line is about.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The number dialled.
    Number,
    /// The campaign.
    Campaign,
    /// The queue.
    Queue,
    /// The agent.
    Agent,
    /// A stretch of time.
    Time(Width),
}

/// Which line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// Of a name or a number.
    Name(String),
    /// Of the interval that begins then.
    Time(i64),
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    by: By,
    zone: String,
    /// Its lines.
    pub(crate) lines: BTreeMap<Group, Tally>,
    /// All of them together.
    pub(crate) total: Tally,
    /// Buckets come in the order of time.
    last: Option<Interval>,
}

impl By {
    /// What its lines are measured by.
    pub(crate) const fn figures(self) -> &'static [Figure] {
        match self {
            Self::Number | Self::Time(_) => &[
                Figure::Calls,
                Figure::Offered,
                Figure::AnswerRate,
                Figure::ServiceLevel,
                Figure::AbandonRate,
                Figure::MeanWait,
                Figure::MeanTalk,
                Figure::Cost,
            ],
            Self::Campaign => &[
                Figure::Calls,
                Figure::AnswerRate,
                Figure::MeanTalk,
                Figure::Cost,
                Figure::CostPerCall,
                Figure::CostPerAnsweredCall,
                Figure::CostPerServedCall,
                Figure::CostOfWaiting,
            ],
            Self::Queue => &[
                Figure::Offered,
                Figure::Answered,
                Figure::AnswerRate,
                Figure::ServiceLevel,
                Figure::Abandoned,
                Figure::AbandonRateWithoutShort,
                Figure::MeanWait,
                Figure::WaitBeforeAbandon,
            ],
            Self::Agent => &[
                Figure::Rung,
                Figure::Taken,
                Figure::Missed,
                Figure::MeanTalk,
                Figure::HandlingTime,
                Figure::Occupancy,
            ],
        }
    }
}

impl Report {
    /// One without lines, by the clock of a zone.
    pub(crate) fn new(by: By, zone: &str) -> Self {
        Self { by, zone: zone.to_owned(), lines: BTreeMap::new(), total: Tally::default(), last: None }
    }

    /// Takes a bucket in; one that is about nothing that is asked for is left out.
    pub(crate) fn add(&mut self, key: &Key, tally: &Tally) {
        let Some(group) = self.group(key) else { return };
        self.lines.entry(group).or_default().merge(tally);
        self.total.merge(tally);
    }

    fn group(&mut self, key: &Key) -> Option<Group> {
        let name = |name: &Option<Name>| name.as_deref().map(str::to_owned).map(Group::Name);
        match self.by {
            By::Number => key.number.clone().map(Group::Name),
            By::Campaign => name(&key.campaign),
            By::Queue => name(&key.queue),
            By::Agent => name(&key.agent),
            By::Time(width) => {
                let at = Wall::from_epoch_ms(key.quarter);
                let known = self.last.filter(|last| last.start <= at && at < last.end);
                let interval = known.unwrap_or_else(|| width.of(at, &self.zone));
                self.last = Some(interval);
                Some(Group::Time(interval.id()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::visit_record::VisitEnd;
    use crate::figures::contribution;
    use crate::figures::sample::{call, visit};
    use crate::figures::thresholds::Aims;

    const PARIS: &str = "Europe/Paris";

    fn report(by: By) -> Report {
        let mut report = Report::new(by, PARIS);
        let mut record = call();
        record.visits = vec![visit(VisitEnd::Answered), visit(VisitEnd::Abandoned)];
        for _ in 0..2 {
            for (key, tally) in contribution::of(&record, &Aims::default()) {
                report.add(&key, &tally);
            }
        }
        report
    }

    #[test]
    fn each_line_has_what_it_is_about_and_no_more() {
        let number = report(By::Number);
        let stays = |report: &Report| (report.total.calls.calls, report.total.stays.offered);
        assert_eq!((number.lines.len(), stays(&number)), (1, (2, 4)));
        let queue = report(By::Queue);
        assert_eq!(queue.lines.keys().collect::<Vec<_>>(), [&Group::Name("sav".into())]);
        assert_eq!(stays(&queue), (0, 4), "calls are no stays");
        assert!(report(By::Agent).lines.is_empty());
        let day = report(By::Time(Width::Day));
        let start = Width::Day.of(call().started.wall(), PARIS).id();
        assert_eq!((day.lines.keys().collect::<Vec<_>>(), stays(&day)), (vec![&Group::Time(start)], (2, 4)));
    }
}
