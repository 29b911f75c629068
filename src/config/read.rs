//! Reads the site: the reader of all files (`base/read.rs`), and what a site adds: secrets, credentials, its own numbers.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::site::Secret;
use super::value;
use crate::base::diagnostic::{Report, Source, Text};
use crate::base::read;
use crate::centre::number;
use crate::say;

pub(super) use crate::base::read::Fields;
use crate::base::yaml::Node;

/// Quotes that an editor of prose writes, and YAML takes for letters.
const QUOTES: [char; 8] = ['“', '”', '„', '‘', '’', '‚', '«', '»'];

/// Gives the secret of a `credential:NAME`; `io` reads `$CREDENTIALS_DIRECTORY/NAME`.
pub type Credentials<'a> = &'a dyn Fn(&str) -> Option<String>;

/// See the module.
pub(super) struct Reader<'a> {
    reader: read::Reader<'a>,
    credentials: Credentials<'a>,
}

impl<'a> Reader<'a> {
    /// A reader of one source.
    pub(super) fn new(source: &'a Arc<Source>, report: &'a mut Report, credentials: Credentials<'a>) -> Self {
        Self { reader: read::Reader::new(source, report), credentials }
    }
}

impl<'a> Deref for Reader<'a> {
    type Target = read::Reader<'a>;
    fn deref(&self) -> &read::Reader<'a> {
        &self.reader
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.reader
    }
}

impl Reader<'_> {
    /// A user or a password: what stands there is it to the letter, typographic quotes too.
    pub(super) fn sign_in<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = self.text(node)?;
        if text.starts_with(QUOTES) && text.ends_with(QUOTES) {
            let why = Text::word("these quotes are letters to YAML, which knows only `\"` and `'`");
            self.warn(node, "typographic-quotes", why, Text::word("take them off, or write `\"` instead"));
        }
        Some(text)
    }

    /// A password: written, or `credential:NAME` for one that stands in no file of the site.
    pub(super) fn secret(&mut self, node: &Node) -> Option<Secret> {
        let text = self.sign_in(node)?;
        let Some(name) = text.strip_prefix("credential:") else {
            return Some(Secret::new(text.to_owned()));
        };
        self.credential(node, name).map(Secret::new)
    }

    /// The value of a header: as a secret, or one that ends with it, `Bearer credential:NAME`.
    pub(super) fn sealed(&mut self, node: &Node) -> Option<Secret> {
        let text = self.text(node)?;
        let Some((before, name)) = text.rsplit_once(" credential:") else {
            return self.secret(node);
        };
        self.credential(node, name).map(|secret| Secret::new(format!("{before} {secret}")))
    }

    fn credential(&mut self, node: &Node, name: &str) -> Option<String> {
        // The name becomes a file name below $CREDENTIALS_DIRECTORY.
        let fit =
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let found = (self.credentials)(name).filter(|_| fit && !name.starts_with('.'));
        if found.is_none() {
            let why = say!("the credential `{}` is not there", name);
            let help = say!(
                "put it into the file `{}` of $CREDENTIALS_DIRECTORY (systemd: `LoadCredential={}:…`)",
                name,
                name
            );
            self.error(node, "credential-missing", why, help);
        }
        found.map(|secret| secret.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// An amount of money, in millionths of a euro.
    pub(super) fn euros(&mut self, node: &Node) -> Option<i64> {
        let expected = Text::word("an amount like `15 EUR` or `0.015 EUR`, with at most 6 decimals");
        self.value(node, expected, value::euros)
    }

    /// One of the site's own numbers, in normal form.
    pub(super) fn own_number(&mut self, node: &Node) -> Option<String> {
        let text = self.text(node)?;
        if let Some(problem) = number::own_number_problem(text) {
            let why = say!("`{}` cannot be one's own number: {}", text, problem.text());
            if text.contains([',', ';']) {
                let list = text.split([',', ';']).map(str::trim).collect::<Vec<_>>().join(", ");
                self.error(
                    node,
                    "own-number",
                    Text::word("these are several numbers in one text"),
                    say!("write a list: `{}`", format!("[{list}]")),
                );
                return None;
            }
            let help =
                Text::word("write it as it is dialled: 0800 123 456, 01 23 45 67 89, +800 1234 5678, 3018");
            self.error(node, "own-number", why, help);
            return None;
        }
        number::normalise(text).number
    }
}
