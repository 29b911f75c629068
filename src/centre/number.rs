//! Telephone numbers as France writes, dials and delivers them: one normal form, one class.
//!
//! The normal form is E.164 with its plus (`+33612345678`), or the bare digits of a short number (`3018`, `116006`) that
//! has no E.164 form. Ranges stand in `number_table.rs`. Read first: Arcep's numbering plan (decision 2018-0881
//! amended), ITU-T E.164 and E.169.1 (+800), RFC 3966 (tel:), RFC 3261 §19.1.6 (user=phone).
//!
//! It does not ask anyone whether a number is in service, and it does not know what a call costs.

use super::number_table::{self as table, Range};
use crate::base::diagnostic::Text;

/// What kind of number it is, as far as the plan tells.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// 06, 07: a mobile of mainland France.
    Mobile,
    /// 01-05: geographic.
    Fixed,
    /// 09: not geographic, platforms and verified multi-use ranges included.
    Voip,
    /// A mobile of the overseas parts, with a country code of its own.
    OverseasMobile,
    /// A fixed line there.
    OverseasFixed,
    /// 0800-0805: free for the caller.
    Free,
    /// 0806-0809: the price of a usual call, the service free.
    Shared,
    /// 081, 082, 089: surcharged.
    Premium,
    /// A short number with an owner: 10xy, 116xxx, 118xyz, 3xxx.
    Short,
    /// +800 and eight digits: a free number of several countries.
    Uifn,
    /// Another country.
    Foreign,
    /// Satellites and international networks: the dearest there is.
    Satellite,
    /// 14-digit numbers of machines (07000...).
    M2m,
    /// 15, 17, 18, 112, 114, 115, 119...: never a target, never one's own.
    Emergency,
    /// The caller hides, or nothing was delivered.
    Secret,
    /// Not a number of any plan known here (an extension, a SIP user name).
    Unknown,
}

/// A number in normal form, and its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Normalised {
    /// E.164 with plus, or the digits of a short number; none when there is nothing that can be dialled.
    pub(crate) number: Option<String>,
    /// Its class.
    pub(crate) class: Class,
}

impl Normalised {
    const fn none(class: Class) -> Self {
        Self { number: None, class }
    }

    fn of(number: impl Into<String>, class: Class) -> Self {
        Self { number: Some(number.into()), class }
    }
}

/// Reads a number as any trunk or human in France may write it: national, `+33`, `0033`, `33`, short, with visual
/// separators, as a sip: or tel: URI, or as a whole name-addr (`"x" <sip:0612345678@h;user=phone>;tag=1`).
pub(crate) fn normalise(raw: &str) -> Normalised {
    let address = address(raw);
    let user = address.user;
    if is_secret_user(&user) || address.host.eq_ignore_ascii_case("anonymous.invalid") {
        return Normalised::none(Class::Secret);
    }
    let Some(Written { plus, digits }) = written(&user) else {
        return Normalised::none(Class::Unknown);
    };
    if plus {
        return international(&digits);
    }
    // RFC 3966 §5.1.5: a local number is completed by its context; +33 is where we are.
    if let Some(code) = address.context.strip_prefix('+').filter(|code| !code.is_empty() && *code != "33")
        && code.bytes().all(|b| b.is_ascii_digit())
    {
        return international(&format!("{code}{}", digits.trim_start_matches('0')));
    }
    from_france(&digits)
}

/// Whether the plan makes calls to it free for the caller, so that the announcement is due (rule A1): 0800-0805, +800,
/// 116xxx, 3000-3007, 3009-3169, 3180-3199. Never 3008 and 3170-3179, which belong to no company.
pub(crate) fn is_free(raw: &str) -> bool {
    let Normalised { number: Some(number), class } = normalise(raw) else {
        return false;
    };
    match class {
        Class::Free | Class::Uifn => true,
        Class::Short => table::is_free_short(&number),
        _ => false,
    }
}

/// Why a number cannot be a company's own (rule N1).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum OwnProblem {
    /// Not a number at all, or of a range that the plan does not give to services.
    NotANumber,
    /// An emergency number.
    Emergency,
    /// 3008, 3170-3179: the same service at every operator, nobody owns them.
    Unowned,
    /// 08 with nine digits, or another wrong length: a digit was lost.
    Length,
    /// `+33 0...`: the trunk prefix is not dialled after the country code.
    TrunkZero,
}

impl OwnProblem {
    /// In words.
    pub(crate) const fn text(self) -> Text {
        match self {
            Self::NotANumber => Text::word("this is not a telephone number of the French plan"),
            Self::Emergency => Text::word("this is an emergency number, nobody's own"),
            Self::Unowned => Text::word(
                "3008 and 3170 to 3179 are the same service at every operator, no company owns them",
            ),
            Self::Length => Text::word("a French number has ten digits"),
            Self::TrunkZero => Text::word("after +33 the 0 falls away"),
        }
    }
}

/// Tells why `raw`, as the operator wrote it, cannot be one of the site's numbers; none when it can.
pub(crate) fn own_number_problem(raw: &str) -> Option<OwnProblem> {
    let Some(Written { plus, digits }) = written(raw) else {
        return Some(OwnProblem::NotANumber);
    };
    let abroad = if plus { Some(digits.as_str()) } else { digits.strip_prefix("00") };
    if abroad.is_some_and(|rest| rest.starts_with("330")) && !raw.contains("(0)") {
        return Some(OwnProblem::TrunkZero);
    }
    if abroad.is_none() && digits.starts_with('0') && digits.len() != 10 && digits.len() > 5 {
        return Some(OwnProblem::Length);
    }
    let Normalised { number: Some(number), class } = normalise(raw) else {
        return Some(OwnProblem::NotANumber);
    };
    match class {
        Class::Emergency => Some(OwnProblem::Emergency),
        Class::Short if table::is_unowned_short(&number) => Some(OwnProblem::Unowned),
        Class::Unknown | Class::Secret | Class::M2m => Some(OwnProblem::NotANumber),
        Class::Mobile
        | Class::Fixed
        | Class::Voip
        | Class::OverseasMobile
        | Class::OverseasFixed
        | Class::Free
        | Class::Shared
        | Class::Premium
        | Class::Short
        | Class::Uifn
        | Class::Foreign
        | Class::Satellite => None,
    }
}

/// As the French write it: `0 800 123 456`, `06 12 34 56 78`, `116 006`, `+800 1234 5678` (rule N3). Takes any form that
/// [`normalise`] takes; what is no number comes back as it is.
pub(crate) fn display(raw: &str) -> String {
    let Normalised { number: Some(number), class } = normalise(raw) else {
        return raw.to_owned();
    };
    match class {
        Class::Free | Class::Shared | Class::Premium if number.starts_with("+33") => {
            let digits = &number[3..];
            format!("0 {} {} {}", &digits[..3], &digits[3..6], &digits[6..])
        }
        Class::Uifn => format!("+800 {} {}", &number[4..8], &number[8..]),
        Class::Short | Class::Emergency if number.len() == 6 => format!("{} {}", &number[..3], &number[3..]),
        Class::Mobile | Class::Fixed | Class::Voip | Class::OverseasMobile | Class::OverseasFixed => {
            national(&number).map_or(number, |digits| pairs(&digits))
        }
        Class::Short
        | Class::Emergency
        | Class::Foreign
        | Class::Satellite
        | Class::Free
        | Class::Shared
        | Class::Premium
        | Class::M2m
        | Class::Secret
        | Class::Unknown => number,
    }
}

/// The ten digits that one dials inside France (`0612345678`); none for what has no such form. Takes the normal form.
pub(crate) fn national(number: &str) -> Option<String> {
    let digits = number.strip_prefix('+')?;
    let own = match digits.strip_prefix("33") {
        Some(own) => own,
        None => {
            let (code, own) = digits.split_at_checked(3)?;
            if !table::OVERSEAS_CODES.contains(&code) {
                return None;
            }
            // Saint-Pierre-et-Miquelon: six digits abroad, 0508 and the same six inside.
            if code == "508" && own.len() == 6 {
                return Some(format!("0508{own}"));
            }
            own
        }
    };
    (own.len() == 9).then(|| format!("0{own}"))
}

/// The country of a number in normal form, ISO 3166 alpha-2; none when unknown or shared by several (`+1`, `+800`).
pub(crate) fn country(number: &str) -> Option<&'static str> {
    match number.strip_prefix('+') {
        Some(digits) => table::country(digits),
        None => matches!(normalise(number).class, Class::Short | Class::Emergency).then_some("FR"),
    }
}

/// A SIP or tel address, as far as numbers need it.
struct Address {
    user: String,
    host: String,
    context: String,
}

/// Finds user, host and phone-context in a URI, a name-addr or a bare number.
fn address(raw: &str) -> Address {
    let uri = angle(raw).unwrap_or(raw).trim();
    let (scheme, rest) = match uri.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", uri),
    };
    let is_sip = scheme.len() >= 3 && scheme[..3].eq_ignore_ascii_case("sip");
    // A password after the user (RFC 3261 §19.1.1) is no part of a number.
    let (user_part, host_part) = match rest.rsplit_once('@') {
        Some((user, host)) => (user.split(':').next().unwrap_or(""), host),
        // `sip:host` has no user: an address without an identity.
        None if is_sip => ("", rest),
        None => (rest, ""),
    };
    let (user, parameters) = user_part.split_once(';').unwrap_or((user_part, ""));
    let host = host_part.split([';', '?', ':', '>']).next().unwrap_or("");
    let context = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("phone-context"))
        .map_or("", |(_, value)| value.trim());
    Address { user: unescaped(user), host: host.trim().to_owned(), context: context.to_owned() }
}

fn is_scheme(text: &str) -> bool {
    ["sip", "sips", "tel"].iter().any(|scheme| text.trim().eq_ignore_ascii_case(scheme))
}

/// What stands between `<` and `>`, outside a quoted display name (RFC 3261 §25.1 name-addr).
pub(super) fn angle(raw: &str) -> Option<&str> {
    let open = outside_quotes(raw, '<')?;
    let inner = &raw[open + 1..];
    Some(inner.find('>').map_or(inner, |close| &inner[..close]))
}

/// Where `wanted` first stands outside a quoted string.
pub(super) fn outside_quotes(raw: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (place, c) in raw.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if c == wanted && !quoted => return Some(place),
            _ => {}
        }
    }
    None
}

/// Undoes `%2B` and its like (RFC 3261 §19.1.2); what is not valid stays.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let hex = bytes.get(place + 1..place + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[place], hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(octet)) => {
                out.push(octet);
                place += 3;
            }
            (octet, _) => {
                out.push(octet);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// User parts with which networks say "no number".
pub(super) fn is_secret_user(user: &str) -> bool {
    const WORDS: [&str; 8] =
        ["", "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "anonyme"];
    WORDS.iter().any(|word| user.trim().eq_ignore_ascii_case(word))
}

/// A number stripped to its digits.
struct Written {
    plus: bool,
    digits: String,
}

/// Removes visual separators and a `(0)`; none when anything else than digits remains.
fn written(user: &str) -> Option<Written> {
    let user = user.trim();
    let plus = user.starts_with('+');
    let body = user.strip_prefix('+').unwrap_or(user).replace("(0)", if plus { "" } else { "0" });
    let digits: String = body.chars().filter(|c| !is_separator(*c)).collect();
    // E.164 §6.2: 15 digits at most; `00` or `0` may stand before them.
    let well = !digits.is_empty() && digits.len() <= 17 && digits.bytes().all(|b| b.is_ascii_digit());
    well.then_some(Written { plus, digits })
}

fn is_separator(c: char) -> bool {
    // RFC 3966 §3 visual separators, and the spaces of French typography.
    matches!(c, '-' | '.' | '(' | ')' | ' ' | '/' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2011}')
}

/// Digits dialled inside France.
fn from_france(digits: &str) -> Normalised {
    if let Some(rest) = digits.strip_prefix("00") {
        return international(rest);
    }
    if let Some(own) = digits.strip_prefix('0') {
        return match own.len() {
            9 => mainland_or_overseas(own),
            13 if own.starts_with("7000") => Normalised::of(format!("+33{own}"), Class::M2m),
            _ => Normalised::none(Class::Unknown),
        };
    }
    match digits.len() {
        ..=6 => short(digits),
        // Some trunks drop the trunk prefix.
        9 => mainland_or_overseas(digits),
        // Some drop the plus.
        11..=15 => international(digits),
        _ => Normalised::none(Class::Unknown),
    }
}

/// Digits after the plus.
fn international(digits: &str) -> Normalised {
    if let Some(own) = digits.strip_prefix("33") {
        return match own.len() {
            10 if own.starts_with('0') => mainland_or_overseas(&own[1..]),
            9 => mainland_or_overseas(own),
            13 if own.starts_with("7000") => Normalised::of(format!("+33{own}"), Class::M2m),
            // Short numbers come as +33 3018 from some interconnections.
            3..=6 if !own.starts_with('0') => short(own),
            _ => Normalised::none(Class::Unknown),
        };
    }
    if let Some(own) = digits.strip_prefix("800") {
        return match own.len() {
            8 => Normalised::of(format!("+{digits}"), Class::Uifn),
            _ => Normalised::none(Class::Unknown),
        };
    }
    if digits.starts_with('0') || !(7..=15).contains(&digits.len()) {
        return Normalised::none(Class::Unknown);
    }
    let class = match digits.split_at_checked(3) {
        Some((code, own)) if table::OVERSEAS_CODES.contains(&code) => {
            if table::is_overseas_mobile(code, own) { Class::OverseasMobile } else { Class::OverseasFixed }
        }
        _ => table::dear_abroad(digits).unwrap_or(Class::Foreign),
    };
    Normalised::of(format!("+{digits}"), class)
}

/// The nine digits after the 0 or +33. The overseas parts share the national form but have country codes of their own.
fn mainland_or_overseas(own: &str) -> Normalised {
    if let Some(overseas) = table::overseas(own) {
        let number = format!("+{}{}", overseas.code, &own[overseas.dropped..]);
        return Normalised::of(number, overseas.class);
    }
    match table::national(own) {
        Some(Range { class, .. }) => Normalised::of(format!("+33{own}"), *class),
        None => Normalised::none(Class::Unknown),
    }
}

fn short(digits: &str) -> Normalised {
    Normalised::of(digits, table::short_class(digits))
}

fn pairs(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 3 / 2);
    for (place, c) in digits.chars().enumerate() {
        if place > 0 && place % 2 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod tests;
