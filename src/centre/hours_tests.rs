use super::*;

fn span(from: (u16, u16), until: (u16, u16)) -> Span {
    Span::new(from.0 * 60 + from.1, until.0 * 60 + until.1).unwrap()
}

/// The `boutique` of the reference site.
fn shop() -> Hours {
    let day = vec![span((9, 0), (12, 30)), span((14, 0), (18, 0))];
    let saturday = vec![span((9, 0), (12, 0))];
    let once = |text: &str| Day::Once(Date::parse(text).unwrap());
    Hours {
        zone: "Europe/Paris".to_owned(),
        week: [day.clone(), day.clone(), day.clone(), day.clone(), day, saturday, vec![]],
        holidays: Holidays { region: Some(Region::France), ..Holidays::default() },
        except: BTreeMap::from([
            (once("2026-12-24"), vec![span((9, 0), (16, 0))]),
            (once("2026-12-26"), vec![]),
        ]),
    }
}

fn around_the_clock() -> Hours {
    Hours {
        zone: "Europe/Paris".to_owned(),
        week: std::array::from_fn(|_| vec![Span::WHOLE_DAY]),
        ..Hours::default()
    }
}

fn wall(text: &str) -> Wall {
    Wall::parse(text).unwrap()
}

fn next(hours: &Hours, text: &str) -> String {
    hours.next_open(wall(text)).map_or_else(
        || "never".to_owned(),
        |next| {
            let Civil { date, time, offset_minutes } = next;
            format!("{date} {:02}:{:02} {:+}", time.hour, time.minute, offset_minutes / 60)
        },
    )
}

#[test]
fn the_reference_shop() {
    let shop = shop();
    for (text, state) in [
        ("2026-11-24T10:00:00+01:00", State::Open),
        ("2026-11-24T08:59:59+01:00", State::Closed),
        ("2026-11-24T09:00:00+01:00", State::Open),
        ("2026-11-24T12:29:59+01:00", State::Open),
        ("2026-11-24T12:30:00+01:00", State::Closed),
        ("2026-11-24T17:59:59+01:00", State::Open),
        ("2026-11-22T10:00:00+01:00", State::Closed),
        ("2027-05-17T10:00:00+02:00", State::Holiday),
        ("2026-07-14T03:00:00+02:00", State::Holiday),
        ("2026-12-24T15:30:00+01:00", State::Open),
        ("2026-12-24T17:30:00+01:00", State::Closed),
        ("2026-12-25T10:00:00+01:00", State::Holiday),
        ("2026-12-26T10:00:00+01:00", State::Closed),
        ("2026-12-31T23:59:59+01:00", State::Closed),
        ("2027-01-01T00:00:00+01:00", State::Holiday),
        ("2028-02-29T10:00:00+01:00", State::Open),
    ] {
        assert_eq!(shop.state(wall(text)), state, "{text}");
    }
}

#[test]
fn it_opens_next() {
    let shop = shop();
    assert_eq!(next(&shop, "2027-05-17T10:00:00+02:00"), "2027-05-18 09:00 +2", "after Whit Monday");
    assert_eq!(next(&shop, "2026-11-24T13:00:00+01:00"), "2026-11-24 14:00 +1");
    assert_eq!(next(&shop, "2026-11-24T14:00:00+01:00"), "2026-11-25 09:00 +1", "strictly later");
    assert_eq!(next(&shop, "2026-12-24T17:00:00+01:00"), "2026-12-28 09:00 +1", "Christmas and a bridge");
    assert_eq!(next(&shop, "2026-03-28T13:00:00+01:00"), "2026-03-30 09:00 +2", "over the change of clock");
    assert_eq!(next(&shop, "2026-10-24T13:00:00+02:00"), "2026-10-26 09:00 +1", "and back");
    assert_eq!(
        next(&Hours { zone: "Europe/Paris".into(), ..Hours::default() }, "2026-01-01T00:00:00Z"),
        "never"
    );
}

#[test]
fn around_the_clock_survives_both_changes() {
    let always = around_the_clock();
    for start in ["2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z"] {
        for minute in 0..8 * 60 {
            let moment = Wall::from_epoch_ms(wall(start).epoch_ms() + minute * 60_000);
            assert_eq!(always.state(moment), State::Open, "{start} + {minute} min");
        }
        assert_eq!(next(&always, start), "never");
    }
}

#[test]
fn a_start_that_the_clock_skips_is_the_moment_of_the_change() {
    let mut night = around_the_clock();
    night.week = std::array::from_fn(|_| vec![span((2, 30), (5, 0))]);
    assert_eq!(next(&night, "2026-03-29T00:00:00+01:00"), "2026-03-29 03:00 +2");
    assert_eq!(night.state(wall("2026-03-29T01:59:59+01:00")), State::Closed);
    assert_eq!(night.state(wall("2026-03-29T03:00:00+02:00")), State::Open);
    // Twice 02:30 in autumn: it opens at the first, closes at 03:00+2 = 02:00+1, and opens at the second.
    assert_eq!(next(&night, "2026-10-25T00:00:00+02:00"), "2026-10-25 02:30 +2");
    assert_eq!(next(&night, "2026-10-25T02:45:00+02:00"), "2026-10-25 02:30 +1");
    assert_eq!(next(&night, "2026-10-25T02:45:00+01:00"), "2026-10-26 02:30 +1");
}

#[test]
fn a_span_that_was_over_opens_again_when_the_clock_goes_back_into_it() {
    let mut night = around_the_clock();
    night.week = std::array::from_fn(|_| vec![span((1, 0), (2, 30))]);
    // Open from 1:00, closed at 2:30; at 3:00 it is 2:00 again, and within the span.
    assert_eq!(next(&night, "2026-10-25T02:45:00+02:00"), "2026-10-25 02:00 +1");
    assert_eq!(next(&night, "2026-10-25T02:00:00+01:00"), "2026-10-26 01:00 +1");
}

#[test]
fn a_span_past_midnight_belongs_to_the_day_that_it_began() {
    let mut bar = around_the_clock();
    bar.week = [vec![], vec![], vec![], vec![], vec![span((22, 0), (2, 0))], vec![], vec![]];
    assert_eq!(bar.state(wall("2026-11-28T01:59:00+01:00")), State::Open);
    assert_eq!(bar.explain(wall("2026-11-28T01:59:00+01:00")).why, Why::Eve(span((22, 0), (2, 0))));
    assert_eq!(bar.state(wall("2026-11-28T02:00:00+01:00")), State::Closed);
    assert_eq!(bar.state(wall("2026-11-27T01:00:00+01:00")), State::Closed);
    assert_eq!(Span::new(540, 540), None);
    assert_eq!(Span::new(540, 1_441), None);
    assert_eq!(span((0, 0), (24, 0)), Span::WHOLE_DAY);
}

#[test]
fn holidays_are_added_removed_and_yearly() {
    let mut shop = shop();
    shop.holidays.remove_named.insert(Holiday::WhitMonday);
    shop.holidays.add_named.insert(Holiday::GoodFriday);
    shop.holidays.add.insert(Day::Yearly(9, 24));
    shop.holidays.remove.insert(Day::Once(Date::parse("2026-11-11").unwrap()));
    shop.except.insert(Day::Yearly(12, 31), vec![span((9, 0), (12, 0))]);
    let at = |text: &str| shop.state(wall(text));
    assert_eq!(at("2027-05-17T10:00:00+02:00"), State::Open);
    assert_eq!(at("2026-04-03T10:00:00+02:00"), State::Holiday);
    assert_eq!(at("2029-09-24T10:00:00+02:00"), State::Holiday);
    assert_eq!(
        (at("2026-11-11T10:00:00+01:00"), at("2027-11-11T10:00:00+01:00")),
        (State::Open, State::Holiday)
    );
    assert_eq!(
        (at("2030-12-31T11:00:00+01:00"), at("2030-12-31T15:00:00+01:00")),
        (State::Open, State::Closed)
    );
}

#[test]
fn an_exception_beats_the_holiday_and_one_of_this_year_that_of_every_year() {
    let mut shop = shop();
    shop.except.insert(Day::Yearly(12, 24), vec![]);
    assert_eq!(shop.state(wall("2026-12-24T15:30:00+01:00")), State::Open);
    assert_eq!(shop.state(wall("2027-12-24T10:00:00+01:00")), State::Closed);
    // And both beat the holiday.
    shop.except.insert(Day::Yearly(12, 25), vec![span((9, 0), (12, 0))]);
    assert_eq!(shop.state(wall("2026-12-25T10:00:00+01:00")), State::Open);
}

#[test]
fn overseas_calendars_keep_their_own_time() {
    let mut island = shop();
    island.zone = "America/Guadeloupe".to_owned();
    island.holidays.region = Some(Region::Guadeloupe);
    assert_eq!(island.state(wall("2026-11-24T10:00:00+01:00")), State::Closed, "05:00 there");
    assert_eq!(island.state(wall("2026-11-24T15:00:00+01:00")), State::Open, "10:00 there");
    assert_eq!(island.state(wall("2026-05-27T16:00:00+02:00")), State::Holiday);
    assert!(Hours::is_zone("Pacific/Marquesas") && !Hours::is_zone("Europe/Paname"));
}

#[test]
fn it_says_why() {
    let text = shop().explain(wall("2026-12-24T17:30:00+01:00")).to_string();
    assert_eq!(
        text,
        "closed at Thursday 2026-12-24 17:30 Europe/Paris: an exception (`except`) closes this day or hour; \
         opens next at Monday 2026-12-28 09:00"
    );
    let text = shop().explain(wall("2026-12-25T10:00:00+01:00")).to_string();
    assert!(
        text.starts_with(
            "closed (holiday) at Friday 2026-12-25 10:00 Europe/Paris: public holiday, Christmas Day;"
        ),
        "{text}"
    );
    assert_eq!(shop().explain(wall("2026-11-24T10:00:00+01:00")).why, Why::Week(span((9, 0), (12, 30))));
}

#[test]
fn the_week_is_told_as_speech_reads_it() {
    assert_eq!(shop().week_text(), "mon-fri 09:00-12:30 14:00-18:00; sat 09:00-12:00");
    assert_eq!(around_the_clock().week_text(), "mon-sun 00:00-24:00");
    let mut odd = shop();
    odd.week[2].clear();
    assert_eq!(odd.week_text(), "mon,tue,thu,fri 09:00-12:30 14:00-18:00; sat 09:00-12:00");
    assert_eq!(Hours::default().week_text(), "");
}

#[test]
fn a_city_alone_is_known_by_its_zone() {
    let of = |text| Hours::zone_of_city(text);
    assert_eq!(of("Paris").as_deref(), Some("Europe/Paris"));
    assert_eq!(of(" la Réunion").as_deref(), Some("Indian/Reunion"));
    assert_eq!(of("Nouméa").as_deref(), Some("Pacific/Noumea"));
    for none in ["Europe/Paris", "UTC", "", "Paris/Europe", "Trouville"] {
        assert_eq!(of(none), None, "{none}");
    }
}
