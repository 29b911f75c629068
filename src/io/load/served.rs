//! Whether a site can be served, for `svi check`: what `svi serve` would refuse is told before it does. What a site is, without
//! being served, is told already (`config`).

use std::collections::BTreeMap;

use super::{Read, SiteSource, announcement, texts_of, voice};
use crate::base::diagnostic::{Diagnostic, Severity, Source, Text};
use crate::base::name::Name;
use crate::io::outside;

/// The code of texts that have no recording, and no command that makes one.
const NO_VOICE: &str = "no-voice";

/// Adds what keeps a site from being served that has no other mistake.
pub(super) fn judge(read: &mut Read) {
    if !read.report.has_errors() {
        read.report.extend(crate::config::lacks(&read.site));
        read.report.raise(NO_VOICE);
    }
}

/// The same, and whether its commands can speak: one text of each language is tried.
pub(super) fn judge_aloud(source: &SiteSource, read: &mut Read) {
    judge(read);
    if read.report.has_errors() {
        return;
    }
    read.report.extend(crate::config::doubts(&read.site));
    for problem in outside::problems(&read.site.shared) {
        // Its files may be on the machine that serves only: a warning.
        let source = Source::new("site.yaml", "");
        let help = Some(Text::word("what goes there fails until it is mended, on the machine that serves"));
        let told = Diagnostic {
            severity: Severity::Warning,
            code: "outside-file",
            message: problem,
            source,
            range: 0..0,
            help,
        };
        read.report.push(told);
    }
    announcement::judge(read).into_iter().for_each(|told| read.report.push(told));
    let waits = |key: &Name| read.recordings.place(key).is_none() || read.recordings.is_rendered(key);
    let texts: BTreeMap<Name, String> =
        texts_of(&read.site).into_iter().filter(|(key, _)| waits(key)).collect();
    let server = &read.site.shared.server;
    if let Err(why) = voice::try_out(&server.speech, &source.cache(), &texts) {
        read.report.push(why.diagnostic(server.speech_mark.as_ref()));
    }
}
