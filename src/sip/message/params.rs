//! Parameters `;name=value` of a header value or of a URI, in place: a view on the text, nothing is copied.

use std::borrow::Cow;

use super::lex::is_token;
use super::scan::{split_open, unquoted};

/// The parameters in a text such as `;tag=1;lr;+sip.instance="<urn:uuid:1>"`. Names compare without case.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Params<'a>(&'a str);

impl<'a> Params<'a> {
    /// The parameters of `text`, with or without the leading semicolon.
    pub(crate) fn new(text: &'a str) -> Self {
        let text = text.trim_matches([' ', '\t']);
        Self(text.strip_prefix(';').unwrap_or(text))
    }

    /// Name and value of each, in order, as they are written but for the blanks round `=`; no value: a flag.
    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        split_open(self.0, b';').filter(|piece| !piece.is_empty()).map(|piece| match piece.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(value.trim_start())),
            None => (piece, None),
        })
    }

    /// Whether the parameter is there, with or without a value.
    pub fn has(self, name: &str) -> bool {
        self.iter().any(|(found, _)| found.eq_ignore_ascii_case(name))
    }

    /// The value of the first parameter of that name, without quotes; `None` if it is absent or a flag.
    pub(crate) fn value(self, name: &str) -> Option<Cow<'a, str>> {
        let (_, value) = self.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        value.map(unquoted)
    }

    /// The text, without its first semicolon.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// Whether each piece is named, and by a token (RFC 3261 §25.1 `generic-param`). An empty value, as in `rport=`, is
    /// let through: devices send it, and it means the same to all.
    pub(super) fn are_named(self) -> bool {
        self.0.is_empty()
            || split_open(self.0, b';').all(|piece| {
                let name = piece.split_once('=').map_or(piece, |(name, _)| name.trim_end());
                is_token(name.as_bytes())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_with_blanks_quotes_and_any_case() {
        let params = Params::new(r#" ; Tag = 98asjd8 ;lr; reason="a;\"b";q=0.5"#);
        assert_eq!(params.value("tag").as_deref(), Some("98asjd8"));
        assert!(params.has("LR"));
        assert_eq!(params.value("lr"), None);
        assert_eq!(params.value("reason").as_deref(), Some(r#"a;"b"#));
        assert_eq!(params.value("q").as_deref(), Some("0.5"));
        assert_eq!(params.iter().count(), 4);
    }

    #[test]
    fn empty_pieces_have_no_name() {
        for good in ["", ";a;b=1", ";rport=", ";a=\"x;y\""] {
            assert!(Params::new(good).are_named(), "{good}");
        }
        for bad in [";;a", ";a;", ";=1", ";a b=1"] {
            assert!(!Params::new(bad).are_named(), "{bad}");
        }
    }
}
