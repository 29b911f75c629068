//! The words and sentences of the English bank that are not numerals.

use super::super::recording::Delivery::{self, Final, Linked, Listed};

/// A word or sentence that is recorded as one.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Word {
    /// Its place in the keys, ASCII.
    pub(crate) slug: &'static str,
    /// As it is written.
    pub(crate) text: &'static str,
    /// As the voice must be told, where it is not as it is written: phonemes of espeak-ng in `[[ ]]`.
    pub(crate) say: &'static str,
    /// As which it is recorded; the first stands in for the others.
    pub(crate) deliveries: &'static [Delivery],
}

const fn word(slug: &'static str, text: &'static str, deliveries: &'static [Delivery]) -> Word {
    Word { slug, text, say: text, deliveries }
}

const INSIDE: &[Delivery] = &[Linked];
const LAST: &[Delivery] = &[Final];
const BOTH: &[Delivery] = &[Linked, Final];
const ITEM: &[Delivery] = &[Listed, Final];

macro_rules! words {
    ($($name:ident = $word:expr;)*) => {
        $(pub(super) static $name: Word = $word;)*
        /// Every word, for the list of recordings.
        pub(super) static WORDS: &[&Word] = &[$(&$name),*];
    };
}

words! {
    HUNDRED = word("hundred", "hundred", BOTH);
    THOUSAND = word("thousand", "thousand", BOTH);
    MILLION = word("million", "million", BOTH);
    HUNDREDTH = word("hundredth", "hundredth", BOTH);
    THOUSANDTH = word("thousandth", "thousandth", BOTH);
    MILLIONTH = word("millionth", "millionth", BOTH);
    MINUS = word("minus", "minus", INSIDE);
    PLUS = word("plus", "plus", INSIDE);
    AND = word("and", "and", INSIDE);
    OF = word("of", "of", INSIDE);
    THE = word("the", "the", INSIDE);
    AT = word("at", "at", INSIDE);
    FROM = word("from", "from", INSIDE);
    TO = word("to", "to", INSIDE);
    // In times and years only: "nine oh five".
    OH = word("oh", "oh", INSIDE);

    EURO = word("euro", "euro", BOTH);
    EUROS = word("euros", "euros", BOTH);
    CENT = word("cent", "cent", LAST);
    CENTS = word("cents", "cents", LAST);

    DAY = word("day", "day", LAST);
    DAYS = word("days", "days", LAST);
    HOUR = word("hour", "hour", BOTH);
    HOURS = word("hours", "hours", BOTH);
    MINUTE = word("minute", "minute", BOTH);
    MINUTES = word("minutes", "minutes", BOTH);
    SECOND = word("second-time", "second", LAST);
    SECONDS = word("seconds", "seconds", LAST);
    PERSON = word("person", "person", LAST);
    PEOPLE = word("people", "people", LAST);
    CALL = word("call", "call", LAST);
    CALLS = word("calls", "calls", LAST);

    MONDAY = word("monday", "Monday", BOTH);
    TUESDAY = word("tuesday", "Tuesday", BOTH);
    WEDNESDAY = word("wednesday", "Wednesday", BOTH);
    THURSDAY = word("thursday", "Thursday", BOTH);
    FRIDAY = word("friday", "Friday", BOTH);
    SATURDAY = word("saturday", "Saturday", BOTH);
    SUNDAY = word("sunday", "Sunday", BOTH);

    JANUARY = word("january", "January", BOTH);
    FEBRUARY = word("february", "February", BOTH);
    MARCH = word("march", "March", BOTH);
    APRIL = word("april", "April", BOTH);
    MAY = word("may", "May", BOTH);
    JUNE = word("june", "June", BOTH);
    JULY = word("july", "July", BOTH);
    AUGUST = word("august", "August", BOTH);
    SEPTEMBER = word("september", "September", BOTH);
    OCTOBER = word("october", "October", BOTH);
    NOVEMBER = word("november", "November", BOTH);
    DECEMBER = word("december", "December", BOTH);

    AM = Word { slug: "am", text: "a.m.", say: "[[,eI'Em]]", deliveries: BOTH };
    PM = Word { slug: "pm", text: "p.m.", say: "[[p,i:'Em]]", deliveries: BOTH };
    NOON = word("noon", "noon", BOTH);
    MIDNIGHT = word("midnight", "midnight", BOTH);
    EVERY_DAY = word("every-day", "every day", BOTH);
    ROUND_THE_CLOCK = word("round-the-clock", "around the clock", BOTH);

    DASH = word("dash", "dash", ITEM);
    UNDERSCORE = word("underscore", "underscore", ITEM);
    DOT = word("dot", "dot", ITEM);
    SLASH = word("slash", "slash", ITEM);
    AT_SIGN = word("at-sign", "at sign", ITEM);

    NEXT_CALL = word("next-call", "You are the next caller", LAST);
    YOUR_CALL = word("your-call", "Your call is number", INSIDE);
    IN_LINE = word("in-the-queue", "in the queue", LAST);
    NOBODY_AHEAD = word("nobody-ahead", "There is nobody ahead of you", LAST);
    THERE_IS = word("there-is", "There is", INSIDE);
    THERE_ARE = word("there-are", "There are", INSIDE);
    PERSON_AHEAD = word("person-ahead", "person ahead of you", LAST);
    PEOPLE_AHEAD = word("people-ahead", "people ahead of you", LAST);
    WAIT_ABOUT = word("wait-about", "Your estimated waiting time is about", INSIDE);
    WAIT_SHORT = word("wait-short", "Your estimated waiting time is less than one minute", LAST);
    WAIT_LONG = word("wait-long", "Your estimated waiting time is more than fifteen minutes", LAST);
}
