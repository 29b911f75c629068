use super::*;
use crate::base::form::{Form, Row, need, opt};
use crate::base::limit::STEP_DURATION_MAX;
use crate::base::time::Duration;
use crate::base::yaml;

/// What is told when `read` reads the value of `a:`: code, message, help.
fn told<T>(text: &str, read: impl FnOnce(&mut Reader<'_>, &Node) -> T) -> Vec<String> {
    let source = Source::new("a.yaml", format!("a: {text}\n"));
    let mut report = Report::default();
    let root = yaml::parse(&source, &mut report).unwrap();
    read(&mut Reader::new(&source, &mut report), root.get("a").unwrap());
    let help = |told: &Diagnostic| told.help.as_ref().map(Text::english).unwrap_or_default();
    report.iter().map(|told| format!("{}: {} ({})", told.code, told.message.english(), help(told))).collect()
}

const TABLE: &[Row] = &[need("queue", Form::Text, "where"), opt("order", Form::Text, "how")];

#[test]
fn a_table_knows_its_keys() {
    let read = |text: &str| {
        told(text, |reader, node| {
            let fields = reader.fields(node, Text::word("the queue"), TABLE);
            assert!(fields.get("queu").is_none(), "an unknown key is not read");
            fields.need(reader, "queue");
        })
    };
    assert_eq!(read("{ queue: a, order: b }"), [""; 0]);
    assert_eq!(
        read("{ queu: a }"),
        ["unknown-key: unknown key `queu` in the queue (did you mean `queue`?)"],
        "the key that is misspelled is the one that is missing"
    );
    assert_eq!(
        read("{ queue: a, musik: b }"),
        ["unknown-key: unknown key `musik` in the queue (known here: queue, order)"]
    );
    assert_eq!(read("[a]"), ["not-a-map: the queue wants `key: value` lines ()"]);
    assert_eq!(read("{ order: b }"), ["missing-key: the queue lacks `queue` (add `queue: …`)"]);
    assert_eq!(
        read("")[0],
        "missing-key: the queue lacks `queue` (add `queue: …`)",
        "nothing is an empty one"
    );
}

#[test]
fn a_text_says_something() {
    let read = |text: &str| told(text, |reader, node| reader.text(node).is_some());
    assert_eq!(read("bonjour"), [""; 0]);
    assert_eq!(read(""), ["not-a-text: a text is expected here (write it behind the colon)"]);
    assert_eq!(read("\" \""), ["not-a-text: a text is expected here (write it behind the colon)"]);
    assert_eq!(
        read("# oui"),
        ["not-a-text: a text is expected here (`#` begins a comment in YAML: quote it)"]
    );
    assert_eq!(read("[a]"), ["not-a-text: a text is expected here (put the whole text in quotes)"]);
    assert_eq!(told("\"\"", |reader, node| assert_eq!(reader.scalar(node), Some(""))), [""; 0]);
}

#[test]
fn a_list_may_be_one_alone() {
    let lengths = |text: &str, length: usize| {
        told(text, |reader, node| assert_eq!(reader.list(node).len(), length, "{text}"))
    };
    assert_eq!(lengths("[a, b]", 2), [""; 0]);
    assert_eq!(lengths("a", 1), [""; 0]);
    assert_eq!(
        lengths("{ b: 1 }", 0),
        ["not-a-list: a list is expected here (write `[one, two]`, or lines that begin with `- `)"]
    );
    assert_eq!(told("{ b: 1 }", |reader, node| assert_eq!(reader.one_or_more(node).len(), 1)), [""; 0]);
}

#[test]
fn names_are_known_or_fit_to_be() {
    let known = BTreeSet::from(["ventes", "aide"].map(Name::from));
    let one = |text: &str| told(text, |reader, node| reader.one_of(node, Text::word("queue"), &known));
    assert_eq!(one("aide"), [""; 0]);
    assert_eq!(one("vente"), ["unknown-name: there is no queue `vente` (did you mean `ventes`?)"]);
    assert_eq!(one("sav"), ["unknown-name: there is no queue `sav` (there are: aide, ventes)"]);
    let none =
        |reader: &mut Reader<'_>, node: &Node| reader.one_of(node, Text::word("queue"), &BTreeSet::new());
    assert_eq!(
        told("sav", none),
        ["unknown-name: there is no queue `sav` (there is no queue at all yet: add one)"]
    );
    let new = |text: &str| told(text, |reader, node| reader.new_name(node));
    assert_eq!(new("file-d_été2"), [""; 0]);
    assert_eq!(
        new("a b"),
        ["not-a-name: this cannot be a name (of one name write `a-b`, of several `[a, b]`)"]
    );
    assert_eq!(
        new("a/b"),
        ["not-a-name: this cannot be a name (use letters, digits, `-` and `_`, 64 at most)"]
    );
    assert_eq!(new("a, b"), ["not-a-name: this cannot be a name (write a list: `[a, b]`)"]);
    assert_eq!(new(&"x".repeat(65)).len(), 1);
}

#[test]
fn durations_have_a_unit_and_a_bound() {
    let read = |text: &str| told(text, |reader, node| reader.duration_within(node, STEP_DURATION_MAX));
    assert_eq!(read("1h30"), [""; 0]);
    assert_eq!(read("30"), ["not-a-duration: `30` has no unit (write `30s`, `30m` or `30h`)"]);
    assert_eq!(
        read("bientôt"),
        ["not-a-duration: `bientôt` is not a duration (write it as 45s, 8m, 2h, 1h30 or 30d)"]
    );
    assert_eq!(read("2 jours"), ["not-a-duration: `2 jours` is too long (24 h are the most)"]);
    assert_eq!(read("0s"), ["not-a-duration: `0s` is no time at all (1s is the least that makes sense)"]);
    let zero = |reader: &mut Reader<'_>, node: &Node| {
        assert_eq!(reader.duration_or_none(node, STEP_DURATION_MAX), Some(Duration::ZERO));
    };
    assert_eq!(told("0s", zero), [""; 0]);
}

#[test]
fn numbers_words_and_keys_are_what_they_should_be() {
    let number = |text: &str| told(text, |reader, node| reader.number(node));
    assert_eq!(number("12"), [""; 0]);
    assert_eq!(number("douze"), ["not-a-number: `douze` is not a whole number ()"]);
    let count = |text: &str| told(text, |reader, node| reader.count(node, 20));
    assert_eq!((count("1"), count("20")), (vec![], vec![]));
    assert_eq!(count("0"), ["not-a-number: `0` is not a whole number from 1 to 20 ()"]);
    assert_eq!(count("21").len(), 1);
    let yes = |text: &str| told(text, |reader, node| reader.yes(node));
    assert_eq!((yes("oui"), yes("false")), (vec![], vec![]));
    assert_eq!(
        yes("peut-être"),
        ["not-yes-or-no: `peut-être` is neither true nor false (write `true` or `false`)"]
    );
    let key = |text: &str| told(text, |reader, node| reader.digit(node));
    assert_eq!((key("7"), key("star")), (vec![], vec![]));
    assert_eq!(key("\"#\""), ["not-a-key: `#` is not a key (write `hash`)"]);
    assert_eq!(key("10"), ["not-a-key: `10` is not a key (keys are 0 to 9, star and hash)"]);
    let words = [("udp", 1), ("tcp", 2)];
    let word = |reader: &mut Reader<'_>, node: &Node| {
        assert_eq!(reader.word(node, "unknown-name", Text::word("transport"), &words), None);
    };
    assert_eq!(told("tpc", word), ["unknown-name: there is no transport `tpc` (did you mean `tcp`?)"]);
    let value = |reader: &mut Reader<'_>, node: &Node| {
        reader.value(node, Text::word("a date"), |text| text.parse::<u8>().ok())
    };
    assert_eq!(told("demain", value), ["bad-value: `demain` is not understood here (write a date)"]);
}
