use super::super::kept::{Kept, MORNING, call};
use super::*;

fn args(words: &[&str]) -> Args {
    use clap::{Args as _, FromArgMatches};
    let command = Args::augment_args(clap::Command::new("calls"));
    let matches = command.try_get_matches_from([&["calls"], words].concat()).unwrap();
    Args::from_arg_matches(&matches).unwrap()
}

/// References of the calls that such words ask for.
fn listed(kept: &Kept, words: &[&str]) -> Vec<String> {
    let args = args(words);
    let filter = args.filter("Europe/Paris", Wall::from_epoch_ms(MORNING)).unwrap();
    let mut found = Vec::new();
    let mut reader = Reader::open(&kept.place()).unwrap();
    newest(&mut reader, &filter, args.limit, |call| {
        found.push(call["reference"].as_str().unwrap()[4..].to_owned())
    })
    .unwrap();
    found
}

#[test]
fn calls_are_asked_for_as_one_types_it_the_newest_first() {
    let kept = Kept::new("asked");
    kept.take((-20..0).map(|n| CallRecord {
        id: format!("a{:025}", n + 20),
        reference: format!("{:06}", n + 20),
        ..call(n)
    }));
    let cases: [(&[&str], &[&str]); 9] = [
        (&["--limit", "3"], &["19", "18", "17"]),
        (&["--since", "2h"], &["19", "18"]),
        (&["--since", "today", "--until", "8h"], &["11", "10"]),
        (&["--until", "hier", "--limit", "2"], &["09", "08"]),
        (&["--caller", "06 12 34 56 71"], &["11", "01"]),
        (&["--caller", "06 12 34 56 7", "--number", "0800123456"], &[]),
        (&["--number", "0 800 123 456", "--limit", "1"], &["19"]),
        (&["--agent", "alice", "--since", "3h"], &["18"]),
        (&["--outcome", "failed", "--since", "3h"], &["19", "17"]),
    ];
    for (words, expected) in cases {
        assert_eq!(listed(&kept, words), expected, "{words:?}");
    }
    let default = args(&[]);
    assert_eq!((default.limit, default.json, default.follow), (50, false, false));
}

#[test]
fn more_calls_than_a_page_has_come_once_each() {
    let kept = Kept::new("pages");
    kept.take((0..450).map(call));
    let all = listed(&kept, &["--limit", "430"]);
    assert_eq!((all.len(), &*all[0], &*all[429]), (430, "49", "20"));
}

#[test]
fn each_call_is_new_once_when_it_has_ended_even_if_its_record_comes_late() {
    let kept = Kept::new("follow");
    kept.take([call(-2), call(0)]);
    let mut reader = Reader::open(&kept.place()).unwrap();
    let mut news = News { filter: Filter { caller: None, ..Filter::default() }, told: BTreeMap::new() };
    let mut read = |after_s: i64| -> Vec<String> {
        let calls = news.read(&mut reader, Wall::from_epoch_ms(MORNING + 1_000 * after_s)).unwrap();
        calls.iter().map(|call| call["reference"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(read(60), ["000000"], "what ended two hours ago is not new");
    assert_eq!(read(61), [""; 0]);
    let long = CallRecord { started: call(-5).started, ended: call(0).ended, ..call(3) };
    kept.take([CallRecord { started: call(0).started.after(5_000), ended: call(0).ended, ..call(1) }, long]);
    assert_eq!(read(62), ["000003", "000001"], "in the order in which they began");
    assert_eq!(read(3_600), [""; 0]);
    assert_eq!(read(3_700), [""; 0], "and they are forgotten after that");
    assert_eq!(news.told.len(), 0);
}

#[test]
fn a_day_stands_above_its_calls_and_json_is_a_record_a_line() {
    let mut table = Table { tongue: Tongue::English, json: false, day: None };
    let json = |n| serde_json::to_value(call(n)).unwrap();
    let heads: Vec<usize> = [0, 1, 20].map(|n| table.lines(&json(n)).lines().count()).into();
    assert_eq!(heads, [3, 1, 3]);
    table.json = true;
    assert_eq!(table.lines(&json(0)), json(0).to_string());
}
