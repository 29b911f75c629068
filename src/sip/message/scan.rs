//! Reading inside a value: separators count only outside quoted strings and angle brackets, and `\"` ends no string.
//!
//! One scanner for commas, semicolons and brackets: who is calling is read by it, so it is security code.

use std::borrow::Cow;

/// Octets looked at by the scanners of this thread, for the test that hostile shapes are cheap: it counts work, not time.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local!(static OCTETS: Cell<usize> = const { Cell::new(0) });

    pub(in super::super) fn add(octets: usize) {
        OCTETS.with(|count| count.set(count.get() + octets));
    }

    /// What was counted since the last time.
    pub(in super::super) fn take() -> usize {
        OCTETS.with(Cell::take)
    }
}

/// So many octets are looked at.
pub(super) fn looks_at(_octets: usize) {
    #[cfg(test)]
    work::add(_octets);
}

/// Where an octet stands.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Place {
    Open,
    Quoted,
    Angled,
}

/// The octets of `text` that stand in the open, with their places. An escaped octet of a quoted string is never given.
fn open_octets(text: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let mut place = Place::Open;
    let mut escaped = false;
    let octets = text.iter().copied().enumerate().inspect(|_| looks_at(1));
    octets.filter(move |(_, octet)| match place {
        Place::Open => {
            match octet {
                b'"' => place = Place::Quoted,
                b'<' => place = Place::Angled,
                _ => {}
            }
            true
        }
        Place::Quoted => {
            if escaped {
                escaped = false;
            } else if *octet == b'\\' {
                escaped = true;
            } else if *octet == b'"' {
                place = Place::Open;
            }
            false
        }
        Place::Angled => {
            if *octet == b'>' {
                place = Place::Open;
            }
            false
        }
    })
}

/// The first `wanted` octet that stands in the open. `<` itself counts as open, `>` and the closing quote do not.
pub(super) fn find_open(text: impl AsRef<[u8]>, wanted: u8) -> Option<usize> {
    open_octets(text.as_ref()).find(|(_, octet)| *octet == wanted).map(|(place, _)| place)
}

/// The pieces between the `separator`s that stand in the open, trimmed; an empty text has one empty piece.
pub(in crate::sip) fn split_open(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut cuts =
        open_octets(text.as_bytes()).filter(move |(_, octet)| *octet == separator).map(|(place, _)| place);
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let from = start?;
        let end = cuts.next();
        start = end.map(|place| place + 1);
        Some(text[from..end.unwrap_or(text.len())].trim_matches([' ', '\t']))
    })
}

/// Where the quoted string that begins at octet 0 ends (behind its closing quote); `None` if it never does.
pub(super) fn quoted_end(text: &str) -> Option<usize> {
    let mut octets = text.bytes().enumerate().inspect(|_| looks_at(1));
    if octets.next()?.1 != b'"' {
        return None;
    }
    let mut escaped = false;
    for (place, octet) in octets {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(place + 1),
            _ => {}
        }
    }
    None
}

/// The text without its quotes and escapes, if it is one quoted string; else as it is.
pub(in crate::sip) fn unquoted(text: &str) -> Cow<'_, str> {
    if text.len() < 2 || quoted_end(text) != Some(text.len()) {
        return Cow::Borrowed(text);
    }
    let inner = &text[1..text.len() - 1];
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            plain.push(c);
        }
    }
    Cow::Owned(plain)
}

/// The text as a quoted string: `"` and `\` escaped, control characters made spaces (they cannot be written).
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_count_only_in_the_open() {
        let pieces: Vec<_> = split_open(r#""A, \"B" <sip:a,b@h>;x="1,2", <sip:c@h>"#, b',').collect();
        assert_eq!(pieces, [r#""A, \"B" <sip:a,b@h>;x="1,2""#, "<sip:c@h>"]);
        assert_eq!(split_open("", b',').collect::<Vec<_>>(), [""]);
        assert_eq!(split_open("a,,b,", b',').collect::<Vec<_>>(), ["a", "", "b", ""]);
    }

    #[test]
    fn the_bracket_of_a_quoted_name_is_not_the_address() {
        let text = r#""Acme <sip:evil@evil.example>, \"SARL\"" <sip:+33612345678@op.example>"#;
        assert_eq!(find_open(text, b'<'), text.rfind('<'));
        assert_eq!(find_open(r#""never ends <sip:a@b>"#, b'<'), None);
    }

    #[test]
    fn quoting_and_unquoting_are_inverse() {
        for text in ["", "plain", r#"a "b" \c"#, r"\", "é"] {
            assert_eq!(unquoted(&quoted(text)), text);
        }
        assert_eq!(quoted("a\r\nb"), "\"a  b\"");
        assert_eq!(unquoted(r#""open"#), r#""open"#);
    }
}
