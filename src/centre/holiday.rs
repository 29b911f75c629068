//! Public holidays of France, its Alsace-Moselle and its overseas parts: computed for any year, never listed.
//!
//! Read first: Code du travail L.3133-1 (the eleven), L.3134-13 (Alsace-Moselle), L.3422-2 and the decrees of the
//! abolition days. The sets are those of Etalab's file of holidays; what a place adds by custom is added by the operator.

use crate::base::diagnostic::Text;
use crate::base::time::Date;

/// One public holiday.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// The Friday before Easter: Alsace-Moselle.
    GoodFriday,
    /// The day after Easter.
    EasterMonday,
    /// 1 May.
    Labour,
    /// 8 May.
    Victory,
    /// 39 days after Easter.
    Ascension,
    /// 50 days after Easter.
    WhitMonday,
    /// 14 July.
    Bastille,
    /// 15 August.
    Assumption,
    /// 1 November.
    AllSaints,
    /// 11 November.
    Armistice,
    /// 25 December.
    Christmas,
    /// 26 December: Alsace-Moselle.
    SaintStephen,
    /// The abolition of slavery, a day of its own in each place.
    Abolition,
    /// A day that the operator added.
    Local,
}

impl Holiday {
    /// Its French name, as it is said and as `holidays: { add, remove }` names it.
    pub(crate) const fn french(self) -> &'static str {
        match self {
            Self::NewYear => "jour de l'an",
            Self::GoodFriday => "vendredi saint",
            Self::EasterMonday => "lundi de Pâques",
            Self::Labour => "fête du Travail",
            Self::Victory => "victoire de 1945",
            Self::Ascension => "Ascension",
            Self::WhitMonday => "lundi de Pentecôte",
            Self::Bastille => "fête nationale",
            Self::Assumption => "Assomption",
            Self::AllSaints => "Toussaint",
            Self::Armistice => "armistice de 1918",
            Self::Christmas => "Noël",
            Self::SaintStephen => "Saint-Étienne",
            Self::Abolition => "abolition de l'esclavage",
            Self::Local => "jour férié local",
        }
    }

    /// Its name in the languages of svi; English says those that only France keeps in its own words.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::NewYear => Text::word("New Year's Day"),
            Self::GoodFriday => Text::word("Good Friday"),
            Self::EasterMonday => Text::word("Easter Monday"),
            Self::Labour => Text::word("Labour Day"),
            Self::Victory => Text::word("Victory in Europe Day"),
            Self::Ascension => Text::word("Ascension Day"),
            Self::WhitMonday => Text::word("Whit Monday"),
            Self::Bastille => Text::word("Bastille Day"),
            Self::Assumption => Text::word("Assumption Day"),
            Self::AllSaints => Text::word("All Saints' Day"),
            Self::Armistice => Text::word("Armistice Day"),
            Self::Christmas => Text::word("Christmas Day"),
            Self::SaintStephen => Text::word("Saint Stephen's Day"),
            Self::Abolition => Text::word("Abolition of Slavery"),
            Self::Local => Text::word("local holiday"),
        }
    }

    /// Every holiday that has a rule, in the order of the year.
    pub(crate) const COMPUTED: [Self; 13] = [
        Self::NewYear,
        Self::GoodFriday,
        Self::EasterMonday,
        Self::Labour,
        Self::Victory,
        Self::Ascension,
        Self::WhitMonday,
        Self::Bastille,
        Self::Assumption,
        Self::AllSaints,
        Self::Armistice,
        Self::Christmas,
        Self::SaintStephen,
    ];

    /// Its date in a year; none for the days that differ by place.
    pub fn date(self, year: i16) -> Option<Date> {
        let easter = |days: i32| easter(year).map(|easter| easter.plus_days(days));
        match self {
            Self::NewYear => Date::new(year, 1, 1),
            Self::GoodFriday => easter(-2),
            Self::EasterMonday => easter(1),
            Self::Labour => Date::new(year, 5, 1),
            Self::Victory => Date::new(year, 5, 8),
            Self::Ascension => easter(39),
            Self::WhitMonday => easter(50),
            Self::Bastille => Date::new(year, 7, 14),
            Self::Assumption => Date::new(year, 8, 15),
            Self::AllSaints => Date::new(year, 11, 1),
            Self::Armistice => Date::new(year, 11, 11),
            Self::Christmas => Date::new(year, 12, 25),
            Self::SaintStephen => Date::new(year, 12, 26),
            Self::Abolition | Self::Local => None,
        }
    }
}

/// Whose holidays.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // names of places
pub enum Region {
    France,
    AlsaceMoselle,
    Guadeloupe,
    Martinique,
    Guyane,
    Reunion,
    Mayotte,
    SaintMartin,
    SaintBarthelemy,
    SaintPierreEtMiquelon,
    NouvelleCaledonie,
    Polynesie,
    WallisEtFutuna,
}

impl Region {
    /// Every region with the word that names it in `holidays:`.
    pub const ALL: [(&'static str, Self); 13] = [
        ("france", Self::France),
        ("alsace-moselle", Self::AlsaceMoselle),
        ("guadeloupe", Self::Guadeloupe),
        ("martinique", Self::Martinique),
        ("guyane", Self::Guyane),
        ("la-reunion", Self::Reunion),
        ("mayotte", Self::Mayotte),
        ("saint-martin", Self::SaintMartin),
        ("saint-barthelemy", Self::SaintBarthelemy),
        ("saint-pierre-et-miquelon", Self::SaintPierreEtMiquelon),
        ("nouvelle-caledonie", Self::NouvelleCaledonie),
        ("polynesie", Self::Polynesie),
        ("wallis-et-futuna", Self::WallisEtFutuna),
    ];

    /// Month and day of the abolition of slavery, where it is a holiday.
    const fn abolition(self) -> Option<(i8, i8)> {
        match self {
            Self::Mayotte => Some((4, 27)),
            Self::Martinique => Some((5, 22)),
            Self::Guadeloupe => Some((5, 27)),
            Self::SaintMartin => Some((5, 28)),
            Self::Guyane => Some((6, 10)),
            Self::SaintBarthelemy => Some((10, 9)),
            Self::Reunion => Some((12, 20)),
            Self::France
            | Self::AlsaceMoselle
            | Self::SaintPierreEtMiquelon
            | Self::NouvelleCaledonie
            | Self::Polynesie
            | Self::WallisEtFutuna => None,
        }
    }

    /// The holiday that a date is here; the first by the order of [`Holiday`] when two fall together.
    pub(crate) fn holiday(self, date: Date) -> Option<Holiday> {
        if self.abolition() == Some((date.month, date.day)) {
            return Some(Holiday::Abolition);
        }
        Holiday::COMPUTED.into_iter().find(|holiday| {
            let local = matches!(holiday, Holiday::GoodFriday | Holiday::SaintStephen);
            (!local || self == Self::AlsaceMoselle) && holiday.date(date.year) == Some(date)
        })
    }

    /// All holidays of a year here, in the order of their dates; a date that is two holidays stands once.
    pub fn holidays(self, year: i16) -> Vec<(Date, Holiday)> {
        let computed = Holiday::COMPUTED.into_iter().filter_map(|holiday| holiday.date(year));
        let abolition = self.abolition().and_then(|(month, day)| Date::new(year, month, day));
        let mut dates: Vec<Date> = computed.chain(abolition).collect();
        dates.sort();
        dates.dedup();
        dates.into_iter().filter_map(|date| self.holiday(date).map(|holiday| (date, holiday))).collect()
    }
}

/// Easter Sunday of the Gregorian calendar: the anonymous rule of 1876, which Butcher published.
pub(crate) fn easter(year: i16) -> Option<Date> {
    let year_wide = i32::from(year);
    let golden = year_wide.rem_euclid(19);
    let (century, in_century) = (year_wide.div_euclid(100), year_wide.rem_euclid(100));
    let (leap_centuries, century_rest) = (century.div_euclid(4), century.rem_euclid(4));
    let moon_shift = (century + 8).div_euclid(25);
    let moon_correction = (century - moon_shift + 1).div_euclid(3);
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let (leaps, rest) = (in_century.div_euclid(4), in_century.rem_euclid(4));
    let weekday = (32 + 2 * century_rest + 2 * leaps - epact - rest).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let from_march = epact + weekday - 7 * late + 114;
    Date::new(year, i8::try_from(from_march / 31).ok()?, i8::try_from(from_march % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn easter_of_many_years() {
        for text in [
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2031-04-13",
            "2008-03-23",
            "2024-03-31",
            "2025-04-20",
            "2000-04-23",
            "1961-04-02",
            "2038-04-25",
            "2285-03-22",
            "1818-03-22",
        ] {
            let sunday = date(text);
            assert_eq!(easter(sunday.year), Some(sunday));
        }
        for year in 1_900..2_200 {
            assert_eq!(easter(year).unwrap().weekday(), crate::base::time::Weekday::Sunday);
        }
    }

    #[test]
    fn the_eleven_of_2026() {
        let dates: Vec<String> =
            Region::France.holidays(2026).iter().map(|(date, _)| date.to_string()).collect();
        assert_eq!(
            dates,
            [
                "2026-01-01",
                "2026-04-06",
                "2026-05-01",
                "2026-05-08",
                "2026-05-14",
                "2026-05-25",
                "2026-07-14",
                "2026-08-15",
                "2026-11-01",
                "2026-11-11",
                "2026-12-25",
            ]
        );
    }

    #[test]
    fn alsace_moselle_has_two_more() {
        let extra =
            |text: &str| (Region::AlsaceMoselle.holiday(date(text)), Region::France.holiday(date(text)));
        assert_eq!(extra("2026-04-03"), (Some(Holiday::GoodFriday), None));
        assert_eq!(extra("2026-12-26"), (Some(Holiday::SaintStephen), None));
        for year in 2_006..=2_031 {
            let extra = Region::AlsaceMoselle.holidays(year).len() - Region::France.holidays(year).len();
            assert_eq!(extra, 2, "{year}");
        }
    }

    #[test]
    fn one_date_may_be_two_holidays() {
        assert_eq!(Holiday::Ascension.date(2008), Holiday::Labour.date(2008));
        assert_eq!(Holiday::Ascension.date(2059), Holiday::Victory.date(2059));
        assert_eq!(Region::France.holidays(2008).len(), 10);
        assert_eq!(Region::France.holidays(2059).len(), 10);
        assert_eq!(Region::France.holidays(2026).len(), 11);
    }

    #[test]
    fn each_place_remembers_the_abolition_on_its_day() {
        for (region, text) in [
            (Region::Mayotte, "2026-04-27"),
            (Region::Martinique, "2026-05-22"),
            (Region::Guadeloupe, "2026-05-27"),
            (Region::SaintMartin, "2026-05-28"),
            (Region::Guyane, "2026-06-10"),
            (Region::SaintBarthelemy, "2026-10-09"),
            (Region::Reunion, "2026-12-20"),
        ] {
            assert_eq!(region.holiday(date(text)), Some(Holiday::Abolition));
            assert_eq!(region.holidays(2026).len(), 12);
            assert_eq!(Region::France.holiday(date(text)), None);
        }
    }
}
