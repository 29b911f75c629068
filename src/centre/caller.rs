//! Who calls, and which number was dialled, from the header values of an INVITE.
//!
//! Read first: RFC 3323 (Privacy), RFC 3325 (P-Asserted-Identity, only from whom one trusts), RFC 5806 (Diversion),
//! RFC 7044 (History-Info). A request for secrecy is respected whatever else is delivered: nothing of a secret
//! caller's number leaves this module.

use super::number::{self, Class};
use crate::base::pii::Pii;

/// A display name is cut here: screens and records are narrow, header values are not.
const DISPLAY_CHARS_MAX: usize = 64;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Normal form; none when secret, or when nothing that was delivered is a number.
    pub(crate) number: Option<Pii<String>>,
    /// Its class; `Secret` also when the caller asked for secrecy and a number came along.
    pub(crate) class: Class,
    /// The name that came along, without control characters; none when secret.
    pub(crate) display: Option<String>,
}

impl Caller {
    const SECRET: Self = Self { number: None, class: Class::Secret, display: None };

    /// Whether the number is a mobile, of the mainland or overseas.
    pub(crate) const fn is_mobile(&self) -> bool {
        matches!(self.class, Class::Mobile | Class::OverseasMobile)
    }

    /// Its country, ISO 3166; none when unknown or secret.
    pub(crate) fn country(&self) -> Option<&'static str> {
        self.number.as_ref().and_then(|number| number::country(number.reveal()))
    }
}

/// Chooses the caller: P-Asserted-Identity when the peer is `trusted` (a tel: URI before a sip: one), then From, then
/// Remote-Party-ID; secret when Privacy, From or Remote-Party-ID ask for it. Values are whole header values.
pub(crate) fn caller(
    trusted: bool,
    asserted: &[String],
    from: &str,
    remote_party: &[String],
    privacy: Option<&str>,
) -> Caller {
    let hidden_remote = remote_party.iter().any(|value| asks_secrecy_of_remote_party(value));
    if privacy.is_some_and(asks_secrecy) || hidden_remote || is_anonymous(from) {
        return Caller::SECRET;
    }
    let asserted: &[String] = if trusted { asserted } else { &[] };
    let asserted: Vec<&str> = asserted.iter().flat_map(|value| values(value)).collect();
    let is_tel =
        |value: &str| uri_of(value).get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tel:"));
    let tel = asserted.iter().copied().filter(|value| is_tel(value));
    let sip = asserted.iter().copied().filter(|value| !is_tel(value));
    let known =
        tel.chain(sip).chain([from]).chain(remote_party.iter().map(String::as_str)).find_map(|value| {
            let normalised = number::normalise(value);
            normalised.number.map(|number| (number, normalised.class))
        });
    let display = display_name(from).or_else(|| asserted.iter().find_map(|value| display_name(value)));
    match known {
        Some((number, class)) => {
            let display = display.filter(|name| number::normalise(name).number.as_ref() != Some(&number));
            Caller { number: Some(Pii::new(number)), class, display }
        }
        None => Caller { number: None, class: Class::Unknown, display },
    }
}

/// Where the called number is read.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CalledSource {
    /// The user part of the Request-URI.
    RequestUri,
    /// Who diverted the call first (Diversion, else History-Info): the number that the caller dialled.
    Diversion,
    /// The first entry of History-Info.
    History,
    /// The To header: what the caller's phone was told to call.
    To,
}

/// The order of a trunk that says nothing else.
pub(crate) const CALLED_ORDER: [CalledSource; 3] =
    [CalledSource::RequestUri, CalledSource::Diversion, CalledSource::To];

/// The called number in normal form: the first source of `order` that holds one.
#[cfg(test)]
pub(crate) fn called(
    order: &[CalledSource],
    request_uri: &str,
    diversion: &[String],
    history: &[String],
    to: &str,
) -> Option<String> {
    candidates(order, request_uri, diversion, history, to).into_iter().next()
}

/// All numbers that the sources of `order` hold, best first, each once: the route takes the first that the site owns,
/// because some trunks put an account name or another line into the Request-URI and the dialled number elsewhere.
pub(crate) fn candidates(
    order: &[CalledSource],
    request_uri: &str,
    diversion: &[String],
    history: &[String],
    to: &str,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |value: &str| {
        if let Some(number) = number::normalise(value).number
            && !found.contains(&number)
            && found.len() < CANDIDATES_MAX
        {
            found.push(number);
        }
    };
    for source in order {
        match source {
            CalledSource::RequestUri => add(request_uri),
            CalledSource::To => add(to),
            CalledSource::Diversion => {
                // RFC 5806 §4: each diverting party adds its value on top, so the last one is who diverted first.
                diversion.iter().flat_map(|value| values(value)).rev().for_each(&mut add);
                history.iter().flat_map(|value| values(value)).for_each(&mut add);
            }
            // RFC 7044 §5: entries are in the order of the call's path, index 1 is the original target.
            CalledSource::History => history.iter().flat_map(|value| values(value)).for_each(&mut add),
        }
    }
    found
}

/// Numbers that one INVITE may offer as the called one: a few diversions are real, hundreds are an attack.
const CANDIDATES_MAX: usize = 16;

/// RFC 3323 §4.2, RFC 3325 §9.3: these levels ask that the identity be hidden. `full` is of the draft before.
fn asks_secrecy(privacy: &str) -> bool {
    privacy
        .split([';', ','])
        .map(str::trim)
        .any(|level| ["id", "user", "header", "full"].iter().any(|hides| level.eq_ignore_ascii_case(hides)))
}

/// `privacy=full`, `privacy=uri`, `privacy=name` of draft-ietf-sip-privacy-04.
fn asks_secrecy_of_remote_party(value: &str) -> bool {
    let after = value.rsplit_once('>').map_or(value, |(_, parameters)| parameters);
    after.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("privacy")
            && !value.trim().trim_matches('"').eq_ignore_ascii_case("off")
    })
}

/// From tells nobody, by its user, its host, or the name of RFC 3323 §4.1.1.3.
fn is_anonymous(from: &str) -> bool {
    let named = display_name(from).is_some_and(|name| name.eq_ignore_ascii_case("anonymous"));
    named || number::normalise(from).class == Class::Secret
}

fn uri_of(value: &str) -> &str {
    number::angle(value).unwrap_or(value).trim()
}

/// The display name before `<`, unquoted and fit to be shown.
fn display_name(value: &str) -> Option<String> {
    let open = number::outside_quotes(value, '<')?;
    let name = value[..open].trim();
    let quoted = name.len() >= 2 && name.starts_with('"') && name.ends_with('"');
    let name = if quoted {
        name[1..name.len() - 1].replace("\\\"", "\"").replace("\\\\", "\\")
    } else {
        name.to_owned()
    };
    let shown: String = name.chars().filter(|c| is_printable(*c)).take(DISPLAY_CHARS_MAX).collect();
    let shown = shown.trim().to_owned();
    (!shown.is_empty()).then_some(shown)
}

/// Neither a control character nor one that turns the direction of what is written around it.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Splits a header value at the commas that separate values: not those in quotes or in angle brackets.
fn values(value: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped, mut angled) = (false, false, false);
    for (place, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '<' if !quoted => angled = true,
            '>' if !quoted => angled = false,
            ',' if !quoted && !angled => {
                parts.push(value[start..place].trim());
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(value[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FROM: &str = "\"Jean\" <sip:0612345678@op.example>;tag=1";

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn number(caller: &Caller) -> Option<&str> {
        caller.number.as_ref().map(|number| number.reveal().as_str())
    }

    #[test]
    fn an_asserted_identity_counts_only_from_whom_one_trusts() {
        let asserted = texts(&["\"X\" <sip:+33123456789@op.example>", "<tel:+33987654321>"]);
        let believed = caller(true, &asserted, FROM, &[], None);
        assert_eq!(number(&believed), Some("+33987654321"), "tel: before sip:");
        let doubted = caller(false, &asserted, FROM, &[], None);
        assert_eq!((number(&doubted), doubted.class), (Some("+33612345678"), Class::Mobile));
        assert_eq!(doubted.display.as_deref(), Some("Jean"));
        let joined = texts(&["\"A, B\" <sip:alice@op.example>, <sip:+33123456789@op.example>"]);
        assert_eq!(number(&caller(true, &joined, FROM, &[], None)), Some("+33123456789"));
    }

    #[test]
    fn secrecy_is_respected_whatever_comes_along() {
        let asserted = texts(&["<tel:+33612345678>"]);
        let secret =
            |from: &str, party: &[&str], privacy| caller(true, &asserted, from, &texts(party), privacy);
        for privacy in ["id", "user", "header", "ID;critical", "critical; id", "full"] {
            assert_eq!(secret(FROM, &[], Some(privacy)), Caller::SECRET, "{privacy}");
        }
        for from in [
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1",
            "<sip:unknown@op.example>;tag=1",
            "Anonymous <sip:0612345678@op.example>;tag=1",
            "<sip:restricted@op.example>",
            "",
        ] {
            assert_eq!(secret(from, &[], None), Caller::SECRET, "{from}");
        }
        let party = "<sip:0612345678@x>;party=calling;privacy=full";
        assert_eq!(secret(FROM, &[party], None), Caller::SECRET);
        assert_ne!(secret(FROM, &["<sip:06@x>;privacy=off"], Some("none")), Caller::SECRET);
    }

    #[test]
    fn without_a_number_the_caller_is_unknown_not_secret() {
        let known = caller(true, &[], "<sip:alice@op.example>", &texts(&["<sip:0123456789@x>"]), None);
        assert_eq!(number(&known), Some("+33123456789"));
        let unknown = caller(true, &[], "\"Alice\" <sip:alice@op.example>", &[], None);
        assert_eq!((number(&unknown), unknown.class), (None, Class::Unknown));
        assert_eq!(unknown.display.as_deref(), Some("Alice"));
    }

    #[test]
    fn a_display_name_is_clean_short_and_not_the_number() {
        let hostile = format!("\"a\u{202e}b\r\n\u{7}{}\" <sip:0612345678@x>", "x".repeat(500));
        let shown = caller(false, &[], &hostile, &[], None).display.unwrap();
        assert!(shown.starts_with("abx") && shown.chars().count() == DISPLAY_CHARS_MAX);
        let same = caller(false, &[], "\"06 12 34 56 78\" <sip:+33612345678@x>", &[], None);
        assert_eq!(same.display, None);
    }

    #[test]
    fn the_dialled_number_is_found_where_the_trunk_puts_it() {
        let diversion =
            texts(&["<sip:+33123456789@x>;reason=unconditional", "<sip:0800123456@x>;reason=no-answer"]);
        let history = texts(&["<sip:+33800123456@x>;index=1, <sip:+33123456789@x>;index=1.1"]);
        let read = |order: &[CalledSource], uri: &str| {
            called(order, uri, &diversion, &history, "<sip:0805000000@x>")
        };
        assert_eq!(read(&CALLED_ORDER, "sip:+33366725520@x;user=phone").as_deref(), Some("+33366725520"));
        assert_eq!(read(&CALLED_ORDER, "sip:s@x").as_deref(), Some("+33800123456"), "who diverted first");
        assert_eq!(read(&[CalledSource::History], "sip:s@x").as_deref(), Some("+33800123456"));
        assert_eq!(read(&[CalledSource::To], "sip:s@x").as_deref(), Some("+33805000000"));
        assert_eq!(called(&CALLED_ORDER, "sip:s@x", &[], &[], "<sip:s@x>"), None);
        let all = candidates(&CALLED_ORDER, "sip:0366725520@x", &diversion, &history, "<sip:0800123456@x>");
        assert_eq!(all, ["+33366725520", "+33800123456", "+33123456789"]);
    }

    #[test]
    fn an_invite_offers_a_bounded_number_of_called_ones() {
        let many: Vec<String> = (0..100).map(|n| format!("<sip:+336123456{n:02}@x>")).collect();
        assert_eq!(candidates(&CALLED_ORDER, "sip:s@x", &many, &[], "").len(), CANDIDATES_MAX);
    }

    proptest! {
        #![proptest_config(crate::base::property::cases(256))]

        #[test]
        fn nothing_from_the_network_panics(
            values in proptest::collection::vec("\\PC{0,60}", 0..4), from in "[\"<>@:;,= a-z0-9+\\\\]{0,60}",
        ) {
            let _ = caller(true, &values, &from, &values, Some(&from));
            let _ = caller(true, &values, &from, &values, None);
            let _ = candidates(&CALLED_ORDER, &from, &values, &values, &from);
        }
    }
}
