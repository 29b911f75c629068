use super::*;
use crate::base::time::at;
use crate::centre::incoming::{Price, Rule, Who};
use crate::centre::number::Class;

const OURS: &str = "+33800123456";

/// A line of the site, and the calls on it.
struct Line {
    rules: Incoming,
    traffic: Traffic,
    next: u64,
    callers: BTreeMap<u64, String>,
}

fn ask(caller: &str) -> Ask<'_> {
    let caller = Some(caller).filter(|caller| !caller.is_empty());
    let class = if caller.is_some() { Class::Fixed } else { Class::Secret };
    Ask { caller, class, number: OURS, today: None }
}

impl Line {
    fn new(rules: Incoming) -> Self {
        Self { rules, traffic: Traffic::default(), next: 0, callers: BTreeMap::new() }
    }

    fn calls(&mut self, ms: u64, caller: &str) -> Result<u64, Turned> {
        self.traffic.judge(at(ms), &self.rules, &ask(caller))?;
        self.next += 1;
        self.traffic.begin(at(ms), &self.rules, self.next, &ask(caller));
        self.callers.insert(self.next, caller.to_owned());
        Ok(self.next)
    }

    fn ends(&mut self, ms: u64, call: u64) {
        self.traffic.end(at(ms), call, &ask(&self.callers[&call]));
    }

    fn stirs(&mut self, ms: u64, call: u64) {
        self.traffic.stir(at(ms), call, &ask(&self.callers[&call]));
    }

    fn told(&mut self) -> Vec<Notice> {
        self.traffic.notices()
    }
}

fn bounded(per_caller: Bounds) -> Line {
    Line::new(Incoming { per_caller, ..Incoming::default() })
}

const BOUND: Result<u64, Turned> = Err(Turned::Bound(Whose::Caller));

#[test]
fn calls_at_once_are_bounded_for_each_caller() {
    let mut line = bounded(Bounds { at_once: Some(2), ..Bounds::default() });
    let first = line.calls(0, "+33162345678").unwrap();
    line.calls(1, "+33162345678").unwrap();
    assert_eq!(line.calls(2, "+33162345678"), BOUND);
    assert!(line.calls(3, "+33162345679").is_ok(), "another caller");
    line.ends(4, first);
    line.ends(4, first);
    assert!(line.calls(5, "+33162345678").is_ok());
    assert_eq!(line.calls(6, "+33162345678"), BOUND);
    assert_eq!(line.told(), [], "one caller alone is no news");
}

#[test]
fn calls_are_bounded_by_the_hour_and_the_day() {
    let calls = Periods { hour: Some(2), day: Some(3) };
    let mut line = bounded(Bounds { calls, ..Bounds::default() });
    let hour = 3_600_000;
    let mut went = Vec::new();
    for ms in [0, 1, 2, hour, 2 * hour + 1, 24 * hour] {
        let call = line.calls(ms, "+33162345678");
        went.push(call.is_ok());
        call.into_iter().for_each(|call| line.ends(ms, call));
    }
    assert_eq!(went, [true, true, false, true, false, true]);
}

#[test]
fn time_and_cost_are_bounded_and_what_goes_on_counts() {
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let time = Periods { hour: Some(minutes(10)), day: None };
    let mut line = bounded(Bounds { time, ..Bounds::default() });
    let call = line.calls(0, "+33162345678").unwrap();
    assert!(line.calls(299_000, "+33162345678").is_ok());
    assert!(line.calls(300_000, "+33162345678").is_ok(), "300 s and 1 s");
    assert_eq!(line.calls(500_000, "+33162345678"), BOUND, "500, 201 and 200 s");
    for call in [call, call + 1, call + 2] {
        line.ends(500_000, call);
    }
    assert_eq!(line.calls(500_001, "+33162345678"), BOUND);
    assert!(line.calls(500_000 + 3_600_000, "+33162345678").is_ok(), "an hour later");

    let micros = Periods { hour: None, day: Some(1_000_000) };
    let per_number = Bounds { micros, ..Bounds::default() };
    let mut line = Line::new(Incoming { per_number, price: Price(200_000), ..Incoming::default() });
    let call = line.calls(0, "+33162345678").unwrap();
    assert!(line.calls(299_000, "").is_ok());
    line.ends(300_000, call);
    let full = Err(Turned::Bound(Whose::Number));
    assert_eq!(
        (line.calls(301_000, "+33612345678"), line.calls(302_000, "")),
        (full, full),
        "1 EUR is spent"
    );
    assert_eq!(line.told(), [Notice::Full { whose: Whose::Number, of: OURS.to_owned() }], "once");
}

/// A machine that calls from 500 numbers of a range, one after the other, and says nothing.
#[test]
fn a_run_of_calls_is_told_within_a_minute_and_refused_by_rule() {
    let runs =
        [(Pumping::Ignore, 1_200), (Pumping::Alarm, 1_200), (Pumping::Refuse, 1_200), (Pumping::Refuse, 50)];
    for (pumping, pace) in runs {
        let mut line = Line::new(Incoming { pumping, ..Incoming::default() });
        let (mut taken, mut told) = (0, None);
        let mut lasting = VecDeque::new();
        for n in 0..500 {
            let ms = n * pace;
            while let Some((_, call)) = lasting.pop_front_if(|(end, _): &mut (u64, u64)| *end <= ms) {
                line.ends(ms, call);
            }
            // Some of its numbers come twice.
            if let Ok(call) = line.calls(ms, &format!("+3316234{:04}", n % 400)) {
                taken += 1;
                lasting.push_back((ms + 30_000, call));
            }
            if !line.told().is_empty() {
                assert_eq!(told, None, "once");
                told = Some(ms);
            }
        }
        match pumping {
            Pumping::Ignore => assert_eq!((taken, told), (500, None)),
            Pumping::Alarm => assert!(taken == 500 && told.is_some_and(|ms| ms < 60_000), "{told:?}"),
            // 20 at the most until they are seen, some more until they are looked at, and of those that come twice one a minute.
            Pumping::Refuse => assert!(taken <= 27 && told.is_some_and(|ms| ms < 60_000), "{taken} {told:?}"),
        }
    }
}

#[test]
fn people_in_a_run_are_served() {
    let mut line = Line::new(Incoming { pumping: Pumping::Refuse, ..Incoming::default() });
    let regular = line.calls(0, "+33162340001").unwrap();
    line.stirs(1, regular);
    line.ends(2, regular);
    for n in 0..30 {
        let _ = line.calls(60_000 + n * 1_000, &format!("+3316234{:04}", 5_000 + n));
    }
    let robot = Err(Turned::Pumping);
    assert_eq!(line.calls(100_000, "+33162349999"), robot);
    assert!(line.calls(100_001, "+33162340001").is_ok(), "pressed a key an hour ago");
    assert!(line.calls(100_002, "+33162449999").is_ok(), "another range");
    assert_eq!(line.calls(102_000, "+33162349999"), robot, "redialled at once, as machines do");
    assert!(line.calls(109_000, "+33162349999").is_ok(), "calls again");
    assert_eq!(line.calls(110_000, "+33162348888"), robot);
    assert_eq!(line.calls(118_000, "+33162348888"), robot, "one a minute");
    assert!(line.calls(170_000, "+33162348888").is_ok());
    assert!(line.calls(480_000, "+33162347777").is_ok(), "five quiet minutes");
}

#[test]
fn callers_who_do_something_or_are_all_different_are_no_run() {
    let run = |stirs: bool, lengths: fn(u64) -> u64| {
        let mut line = Line::new(Incoming::default());
        for n in 0..40 {
            let call = line.calls(n * 2_000, &format!("+3316234{n:04}")).unwrap();
            if stirs && n % 5 == 0 {
                line.stirs(n * 2_000 + 1, call);
            }
            line.ends(n * 2_000 + lengths(n), call);
        }
        line.told().len()
    };
    assert_eq!(run(false, |_| 9_000), 1, "a machine");
    assert_eq!(run(true, |_| 9_000), 0, "one of five presses a key");
    assert_eq!(run(false, |n| 1_000 + n * n * 50), 0, "they give up when they have had enough");
}

#[test]
fn a_rule_comes_before_the_bounds() {
    let rule = |from: &str, answer| Rule {
        from: Who::parse(from).into_iter().collect(),
        to: Vec::new(),
        until: None,
        answer,
    };
    let rules = vec![rule("01 62 34 56 78", Answer::Accept), rule("01 62*", Answer::Unavailable)];
    let per_caller = Bounds { at_once: Some(1), ..Bounds::default() };
    let mut line = Line::new(Incoming { rules, per_caller, ..Incoming::default() });
    assert!(line.calls(0, "+33162345678").is_ok() && line.calls(0, "+33162345678").is_ok());
    let turned = line.calls(1, "+33162345679").unwrap_err();
    assert_eq!((turned, turned.status()), (Turned::Rule(Answer::Unavailable), 480));
    assert!(line.calls(2, "+33262345679").is_ok());
    assert_eq!(line.calls(3, "+33262345679"), BOUND);
}

/// Whoever sends calls from ever other numbers costs memory and time within a bound, and wipes out nobody's count who calls often.
#[test]
fn what_is_remembered_is_bounded() {
    let calls = Periods { hour: Some(2), day: None };
    let per_caller = Bounds { calls, ..Bounds::default() };
    let mut line = Line::new(Incoming { per_caller, ..Incoming::default() });
    for ms in [0, 1] {
        let call = line.calls(ms, "+33162345678").unwrap();
        line.ends(ms, call);
    }
    for n in 0..TRAFFIC_KEYS_MAX as u64 + 10 {
        let call = line.calls(2, &format!("+44{n:09}")).unwrap();
        line.ends(2, call);
    }
    let kept = [line.traffic.tallies.len(), line.traffic.runs.len(), line.traffic.people.len()];
    assert!(kept.iter().all(|kept| *kept <= TRAFFIC_KEYS_MAX), "{kept:?}");
    assert_eq!(line.calls(3, "+33162345678"), BOUND);
}
