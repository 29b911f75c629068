//! Whose calls a line takes: rules by caller, range and number dialled, of which the first that fits decides, and bounds of
//! calls, minutes and cost for each caller, each range of numbers and each number of ours. On a free number the company pays
//! for every minute, whoever calls: `traffic.rs` counts, and sees when robots call.
//!
//! It refuses before the answer, so that a call that is refused costs nothing.

use super::number::{self, Class};
use crate::base::time::{Date, Duration};

/// What the site says of incoming calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Incoming {
    /// The first that fits decides.
    pub(crate) rules: Vec<Rule>,
    /// Of one caller; secret ones are told apart from nobody, and have none.
    pub(crate) per_caller: Bounds,
    /// Of the callers whose numbers differ in their last four digits alone.
    pub(crate) per_range: Bounds,
    /// Of one number of ours.
    pub(crate) per_number: Bounds,
    /// What a minute counts as, for the bounds of cost: in millionths of a euro.
    pub(crate) price: Price,
    /// What is done when robots call.
    pub(crate) pumping: Pumping,
}

/// Millionths of a euro a minute.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Price(pub(crate) u64);

impl Default for Price {
    /// Dearer than a minute of a free number is.
    fn default() -> Self {
        Self(100_000)
    }
}

/// What is done with a run of calls that look like one machine's.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pumping {
    /// Nothing.
    Ignore,
    /// The operator is told.
    #[default]
    Alarm,
    /// The operator is told, and the next calls of that range are refused, but for callers who are known to be people.
    Refuse,
}

/// Which calls, and what becomes of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Who calls; empty: anybody.
    pub(crate) from: Vec<Who>,
    /// Which of our numbers is called, in normal form; empty: any.
    pub(crate) to: Vec<String>,
    /// The last day on which it counts.
    pub(crate) until: Option<Date>,
    /// What becomes of them.
    pub(crate) answer: Answer,
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A number in normal form.
    Number(String),
    /// All numbers that begin so, in normal form.
    Range(String),
    /// A kind of number.
    Kind(CallerKind),
}

/// Kinds of callers.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallerKind {
    /// They hide their number, or none came.
    Secret,
    /// A fixed line of mainland France.
    Fixed,
    /// A mobile of mainland France.
    Mobile,
    /// The overseas parts.
    Overseas,
    /// Abroad, satellites included.
    Foreign,
    /// A premium or short number: nobody calls from one.
    Premium,
}

impl CallerKind {
    /// All, with their words.
    pub(crate) const ALL: [(&'static str, Self); 6] = [
        ("secret", Self::Secret),
        ("fixed", Self::Fixed),
        ("mobile", Self::Mobile),
        ("overseas", Self::Overseas),
        ("foreign", Self::Foreign),
        ("premium", Self::Premium),
    ];

    fn fits(self, class: Class) -> bool {
        match self {
            Self::Secret => class == Class::Secret,
            Self::Fixed => matches!(class, Class::Fixed | Class::Voip),
            Self::Mobile => class == Class::Mobile,
            Self::Overseas => matches!(class, Class::OverseasFixed | Class::OverseasMobile),
            Self::Foreign => matches!(class, Class::Foreign | Class::Satellite),
            Self::Premium => matches!(class, Class::Premium | Class::Short),
        }
    }
}

/// What becomes of a call.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is taken, whatever the bounds say.
    Accept,
    /// 486.
    Busy,
    /// 480.
    Unavailable,
    /// 603.
    Declined,
}

impl Answer {
    /// All, with their words.
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("accept", Self::Accept),
        ("busy", Self::Busy),
        ("unavailable", Self::Unavailable),
        ("declined", Self::Declined),
    ];

    /// The status of the refusal; none of who is let in.
    pub(crate) const fn status(self) -> Option<u16> {
        match self {
            Self::Accept => None,
            Self::Busy => Some(486),
            Self::Unavailable => Some(480),
            Self::Declined => Some(603),
        }
    }
}

/// How many, how long, how dear. Nothing is bounded unless it is written.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Calls that go on.
    pub(crate) at_once: Option<usize>,
    /// Calls.
    pub(crate) calls: Periods<usize>,
    /// Time on the line.
    pub(crate) time: Periods<Duration>,
    /// Cost in millionths of a euro, reckoned by [`Incoming::price`].
    pub(crate) micros: Periods<u64>,
}

/// By the hour and by the day.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Periods<T> {
    pub(crate) hour: Option<T>,
    pub(crate) day: Option<T>,
}

impl Bounds {
    /// Whether nothing is bounded.
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// Who calls whom, as far as rules and bounds go.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Ask<'a> {
    /// The caller in normal form; none of a secret one.
    pub(crate) caller: Option<&'a str>,
    /// Their class.
    pub(crate) class: Class,
    /// The number of ours that is called, in normal form.
    pub(crate) number: &'a str,
    /// Today, in the site's zone.
    pub(crate) today: Option<Date>,
}

impl Incoming {
    /// What the rules say of a call; none when no rule fits.
    pub(crate) fn ruled(&self, ask: &Ask<'_>) -> Option<Answer> {
        self.rules.iter().find(|rule| rule.fits(ask)).map(|rule| rule.answer)
    }
}

impl Rule {
    fn fits(&self, ask: &Ask<'_>) -> bool {
        let who = |who: &Who| match who {
            Who::Number(number) => ask.caller == Some(number.as_str()),
            Who::Range(range) => ask.caller.is_some_and(|caller| caller.starts_with(range.as_str())),
            Who::Kind(kind) => kind.fits(ask.class),
        };
        let over = self.until.is_some_and(|until| ask.today.is_some_and(|today| today > until));
        !over
            && (self.from.is_empty() || self.from.iter().any(who))
            && (self.to.is_empty() || self.to.iter().any(|number| number == ask.number))
    }
}

impl Who {
    /// Reads `01 62 34 56 78`, `01 62*`, `+32*`, `secret`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((_, kind)) = CallerKind::ALL.iter().find(|(word, _)| *word == text) {
            return Some(Self::Kind(*kind));
        }
        let Some(range) = text.strip_suffix('*') else {
            return number::normalise(text).number.map(Self::Number);
        };
        let digits: String = range.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let abroad = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
        let full = match abroad {
            Some(rest) => rest.to_owned(),
            None => format!("33{}", digits.strip_prefix('0')?),
        };
        let whole = !full.is_empty() && full.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| Self::Range(format!("+{full}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask<'a>(caller: Option<&'a str>, class: Class) -> Ask<'a> {
        Ask { caller, class, number: "+33800123456", today: Date::parse("2026-11-27") }
    }

    #[test]
    fn callers_are_written_as_people_write_them() {
        let number = |text: &str| Some(Who::Number(text.to_owned()));
        let range = |text: &str| Some(Who::Range(text.to_owned()));
        for (text, who) in [
            ("01 62 34 56 78", number("+33162345678")),
            ("+32 471 23 45 67", number("+32471234567")),
            ("01 62*", range("+33162")),
            ("0033 1 62 *", range("+33162")),
            ("+33 1.62-3*", range("+331623")),
            ("+32*", range("+32")),
            ("secret", Some(Who::Kind(CallerKind::Secret))),
            ("*", None),
            ("+*", None),
            ("162*", None),
            ("+3x*", None),
            ("personne", None),
        ] {
            assert_eq!(Who::parse(text), who, "{text}");
        }
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rule = |from: &[&str], answer| Rule {
            from: from.iter().filter_map(|text| Who::parse(text)).collect(),
            to: Vec::new(),
            until: None,
            answer,
        };
        let mut rules = vec![
            rule(&["01 62 34 56 78"], Answer::Accept),
            rule(&["01 62*", "secret"], Answer::Declined),
            rule(&["premium"], Answer::Busy),
        ];
        rules.push(Rule { until: Date::parse("2026-11-26"), ..rule(&[], Answer::Busy) });
        rules.push(Rule { to: vec!["+33800000000".into()], ..rule(&[], Answer::Busy) });
        let incoming = Incoming { rules, ..Incoming::default() };
        let ruled = |caller, class| incoming.ruled(&ask(caller, class));
        assert_eq!(ruled(Some("+33162345678"), Class::Fixed), Some(Answer::Accept));
        assert_eq!(ruled(Some("+33162345679"), Class::Fixed), Some(Answer::Declined));
        assert_eq!(ruled(None, Class::Secret), Some(Answer::Declined));
        assert_eq!(ruled(Some("+33899123456"), Class::Premium), Some(Answer::Busy));
        assert_eq!(ruled(Some("+33612345678"), Class::Mobile), None, "one is over, one is of another number");
        let yesterday = Ask { today: Date::parse("2026-11-26"), ..ask(Some("+33612345678"), Class::Mobile) };
        assert_eq!(incoming.ruled(&yesterday), Some(Answer::Busy), "its last day is one of its days");
    }
}
