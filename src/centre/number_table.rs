//! The ranges of the French numbering plan, the overseas parts, and country codes. Only data and look-ups.
//!
//! Sources: Arcep decisions 2012-0856, 2018-0881 and 2022-1583 §2.4.9; ITU-T E.164 list of country codes.

use super::number::Class;

/// A range of national numbers.
pub(super) struct Range {
    prefix: &'static str,
    pub(super) class: Class,
}

/// A range of the national form that has another country code.
pub(super) struct Overseas {
    prefix: &'static str,
    pub(super) code: &'static str,
    /// How many leading digits of the nine fall away abroad.
    pub(super) dropped: usize,
    pub(super) class: Class,
}

/// National numbers without their 0; the longest prefix that fits stands first.
const NATIONAL: &[Range] = &[
    range("800", Class::Free),
    range("801", Class::Free),
    range("802", Class::Free),
    range("803", Class::Free),
    range("804", Class::Free),
    range("805", Class::Free),
    range("806", Class::Shared),
    range("807", Class::Shared),
    range("808", Class::Shared),
    range("809", Class::Shared),
    range("81", Class::Premium),
    range("82", Class::Premium),
    range("89", Class::Premium),
    range("1", Class::Fixed),
    range("2", Class::Fixed),
    range("3", Class::Fixed),
    range("4", Class::Fixed),
    range("5", Class::Fixed),
    range("6", Class::Mobile),
    range("7", Class::Mobile),
    range("9", Class::Voip),
];

const OVERSEAS: &[Overseas] = &[
    overseas_range("590", "590", 0, Class::OverseasFixed),
    overseas_range("594", "594", 0, Class::OverseasFixed),
    overseas_range("596", "596", 0, Class::OverseasFixed),
    overseas_range("262", "262", 0, Class::OverseasFixed),
    overseas_range("263", "262", 0, Class::OverseasFixed),
    overseas_range("269", "262", 0, Class::OverseasFixed),
    overseas_range("508", "508", 3, Class::OverseasFixed),
    overseas_range("690", "590", 0, Class::OverseasMobile),
    overseas_range("691", "590", 0, Class::OverseasMobile),
    overseas_range("694", "594", 0, Class::OverseasMobile),
    overseas_range("696", "596", 0, Class::OverseasMobile),
    overseas_range("697", "596", 0, Class::OverseasMobile),
    overseas_range("692", "262", 0, Class::OverseasMobile),
    overseas_range("693", "262", 0, Class::OverseasMobile),
    overseas_range("639", "262", 0, Class::OverseasMobile),
    overseas_range("708", "508", 0, Class::OverseasMobile),
];

/// Country codes of the overseas parts: Guadeloupe, Guyane, Martinique, La Réunion and Mayotte, Saint-Pierre,
/// Wallis-et-Futuna, Nouvelle-Calédonie, Polynésie.
pub(super) const OVERSEAS_CODES: &[&str] = &["590", "594", "596", "262", "508", "681", "687", "689"];

/// Codes of no country that cost more than any (ITU-T E.164, annex D), and the premium range of the country code 1.
const DEAR_ABROAD: &[Range] = &[
    range("870", Class::Satellite),
    range("878", Class::Satellite),
    range("881", Class::Satellite),
    range("882", Class::Satellite),
    range("883", Class::Satellite),
    range("888", Class::Satellite),
    range("808", Class::Premium),
    range("979", Class::Premium),
    range("1900", Class::Premium),
];

/// The class of digits after the plus that are dearer than a usual call abroad.
pub(super) fn dear_abroad(digits: &str) -> Option<Class> {
    DEAR_ABROAD.iter().find(|range| digits.starts_with(range.prefix)).map(|range| range.class)
}

/// Emergency and social emergency numbers (Arcep 2017-1251 and successors).
const EMERGENCY: &[&str] =
    &["15", "17", "18", "110", "112", "114", "115", "116111", "119", "191", "196", "197"];

const fn range(prefix: &'static str, class: Class) -> Range {
    Range { prefix, class }
}

const fn overseas_range(prefix: &'static str, code: &'static str, dropped: usize, class: Class) -> Overseas {
    Overseas { prefix, code, dropped, class }
}

/// The range of nine digits after the 0.
pub(super) fn national(own: &str) -> Option<&'static Range> {
    NATIONAL.iter().find(|range| own.starts_with(range.prefix))
}

/// The overseas range of nine digits after the 0.
pub(super) fn overseas(own: &str) -> Option<&'static Overseas> {
    OVERSEAS.iter().find(|range| own.starts_with(range.prefix))
}

/// Whether the digits after an overseas country code are a mobile's.
pub(super) fn is_overseas_mobile(code: &str, own: &str) -> bool {
    match code {
        // Saint-Pierre-et-Miquelon: six digits from 4 fixed, from 5 mobile.
        "508" => own.starts_with("708") || own.len() == 6 && own.starts_with('5'),
        // Nouvelle-Calédonie: six digits, mobiles from 7 to 9; Polynésie: eight, 87 and 89; Wallis: six, 8.
        "687" => own.starts_with(['7', '8', '9']),
        "689" => own.starts_with("87") || own.starts_with("89"),
        "681" => own.starts_with('8'),
        _ => OVERSEAS.iter().any(|range| {
            range.code == code && range.class == Class::OverseasMobile && own.starts_with(range.prefix)
        }),
    }
}

/// The class of a short number.
pub(super) fn short_class(digits: &str) -> Class {
    if digits != "116111" && EMERGENCY.contains(&digits) {
        return Class::Emergency;
    }
    match digits.len() {
        4 if digits.starts_with('3') || digits.starts_with("10") => Class::Short,
        6 if digits.starts_with("118") || digits.starts_with("116") => Class::Short,
        _ => Class::Unknown,
    }
}

/// Whether a short number is free: 116xxx (harmonised social value), and decision 2022-1583 §2.4.9 a).
pub(super) fn is_free_short(digits: &str) -> bool {
    if digits.len() == 6 {
        return digits.starts_with("116");
    }
    let free = |number: u16| matches!(number, 3000..=3007 | 3009..=3169 | 3180..=3199);
    digits.len() == 4 && digits.parse().is_ok_and(free)
}

/// Short numbers that are the same service at each operator (3179 tells one's RIO).
pub(super) fn is_unowned_short(digits: &str) -> bool {
    digits == "3008" || digits.parse().is_ok_and(|number: u16| matches!(number, 3170..=3179))
}

/// The country of the digits after the plus.
pub(super) fn country(digits: &str) -> Option<&'static str> {
    // Mayotte shares +262 with La Réunion.
    if digits.starts_with("262269") || digits.starts_with("262639") {
        return Some("YT");
    }
    COUNTRIES.iter().find(|(code, _)| digits.starts_with(code)).map(|(_, country)| *country)
}

/// Calling codes whose number tells one country. No code is a prefix of another (E.164), so the order is free.
#[rustfmt::skip]
const COUNTRIES: &[(&str, &str)] = &[
    ("33", "FR"), ("590", "GP"), ("594", "GF"), ("596", "MQ"), ("262", "RE"), ("508", "PM"), ("681", "WF"),
    ("687", "NC"), ("689", "PF"), ("377", "MC"), ("376", "AD"),
    ("20", "EG"), ("212", "MA"), ("213", "DZ"), ("216", "TN"), ("218", "LY"), ("220", "GM"), ("221", "SN"),
    ("222", "MR"), ("223", "ML"), ("224", "GN"), ("225", "CI"), ("226", "BF"), ("227", "NE"), ("228", "TG"),
    ("229", "BJ"), ("230", "MU"), ("231", "LR"), ("232", "SL"), ("233", "GH"), ("234", "NG"), ("235", "TD"),
    ("236", "CF"), ("237", "CM"), ("238", "CV"), ("239", "ST"), ("240", "GQ"), ("241", "GA"), ("242", "CG"),
    ("243", "CD"), ("244", "AO"), ("245", "GW"), ("248", "SC"), ("249", "SD"), ("250", "RW"), ("251", "ET"),
    ("252", "SO"), ("253", "DJ"), ("254", "KE"), ("255", "TZ"), ("256", "UG"), ("257", "BI"), ("258", "MZ"),
    ("260", "ZM"), ("261", "MG"), ("263", "ZW"), ("264", "NA"), ("265", "MW"), ("266", "LS"), ("267", "BW"),
    ("268", "SZ"), ("269", "KM"), ("27", "ZA"), ("291", "ER"), ("297", "AW"), ("298", "FO"), ("299", "GL"),
    ("30", "GR"), ("31", "NL"), ("32", "BE"), ("34", "ES"), ("350", "GI"), ("351", "PT"), ("352", "LU"),
    ("353", "IE"), ("354", "IS"), ("355", "AL"), ("356", "MT"), ("357", "CY"), ("358", "FI"), ("359", "BG"),
    ("36", "HU"), ("370", "LT"), ("371", "LV"), ("372", "EE"), ("373", "MD"), ("374", "AM"), ("375", "BY"),
    ("378", "SM"), ("380", "UA"), ("381", "RS"), ("382", "ME"), ("383", "XK"), ("385", "HR"), ("386", "SI"),
    ("387", "BA"), ("389", "MK"), ("39", "IT"), ("40", "RO"), ("41", "CH"), ("420", "CZ"), ("421", "SK"),
    ("423", "LI"), ("43", "AT"), ("44", "GB"), ("45", "DK"), ("46", "SE"), ("47", "NO"), ("48", "PL"),
    ("49", "DE"), ("501", "BZ"), ("502", "GT"), ("503", "SV"), ("504", "HN"), ("505", "NI"), ("506", "CR"),
    ("507", "PA"), ("509", "HT"), ("51", "PE"), ("52", "MX"), ("53", "CU"), ("54", "AR"), ("55", "BR"),
    ("56", "CL"), ("57", "CO"), ("58", "VE"), ("591", "BO"), ("592", "GY"), ("593", "EC"), ("595", "PY"),
    ("597", "SR"), ("598", "UY"), ("60", "MY"), ("61", "AU"), ("62", "ID"), ("63", "PH"), ("64", "NZ"),
    ("65", "SG"), ("66", "TH"), ("670", "TL"), ("675", "PG"), ("678", "VU"), ("679", "FJ"), ("81", "JP"),
    ("82", "KR"), ("84", "VN"), ("850", "KP"), ("852", "HK"), ("853", "MO"), ("855", "KH"), ("856", "LA"),
    ("86", "CN"), ("880", "BD"), ("886", "TW"), ("90", "TR"), ("91", "IN"), ("92", "PK"), ("93", "AF"),
    ("94", "LK"), ("95", "MM"), ("960", "MV"), ("961", "LB"), ("962", "JO"), ("963", "SY"), ("964", "IQ"),
    ("965", "KW"), ("966", "SA"), ("967", "YE"), ("968", "OM"), ("970", "PS"), ("971", "AE"), ("972", "IL"),
    ("973", "BH"), ("974", "QA"), ("975", "BT"), ("976", "MN"), ("977", "NP"), ("98", "IR"), ("992", "TJ"),
    ("993", "TM"), ("994", "AZ"), ("995", "GE"), ("996", "KG"), ("998", "UZ"),
];
