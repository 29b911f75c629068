//! The announcement that a call is free: the law wants it heard, so that a file of it that cannot be heard is told.

use std::collections::BTreeSet;

use super::Read;
use crate::audio::loudness;
use crate::audio::wav;
use crate::base::codec::G711;
use crate::base::diagnostic::{Diagnostic, Severity, Source, Text};
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::say;

/// What is shorter says nothing.
const SHORTEST: Duration = Duration::from_secs(1);
/// What is softer is heard by nobody: room noise is louder. LUFS.
const SOFTEST_LUFS: f64 = -60.0;

/// What is wrong with the site's own recordings of it.
pub(super) fn judge(read: &Read) -> Vec<Diagnostic> {
    let announcements = read.site.flows.values().filter_map(|flow| flow.announcement.as_ref());
    let keys: BTreeSet<Name> =
        announcements.flat_map(|speech| speech.fixed()).map(|clip| clip.key.clone()).collect();
    let own = keys.into_iter().filter(|key| read.recordings.is_own(key));
    own.filter_map(|key| {
        let sound = read.recordings.load(&key, None)?.ok()?;
        let path = read.recordings.path(&key)?;
        let file = std::fs::read(&path).unwrap_or_default();
        let why = wrong(&sound.samples(G711::Alaw), sound.duration(), wav::missing(&file))?;
        Some(Diagnostic {
            severity: Severity::Warning,
            code: "announcement-sound",
            message: why,
            source: Source::new(path, ""),
            range: 0..0,
            help: Some(Text::word("record it anew: the law wants it heard before the call, in full")),
        })
    })
    .collect()
}

/// `missing`: how long the rest is that its file announces and has not.
fn wrong(samples: &[i16], duration: Duration, missing: Option<Duration>) -> Option<Text> {
    let loudness = loudness::measure(samples).integrated_lufs;
    if let Some(missing) = missing {
        let seconds = format!("{:.1}", missing.as_secs_f64());
        return Some(say!("the announcement is cut short: {} s of the file are missing", seconds));
    }
    if duration < SHORTEST {
        let seconds = format!("{:.1}", duration.as_secs_f64());
        return Some(say!("the announcement lasts {} s: nobody understands that", seconds));
    }
    loudness.is_none_or(|lufs| lufs < SOFTEST_LUFS).then(|| Text::word("the announcement is silent"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::tone;

    #[test]
    fn an_announcement_is_heard() {
        let english = |samples: &[i16], missing| {
            let duration = Duration::from_millis(samples.len() as u64 / 8);
            wrong(samples, duration, missing).map(|text| text.english())
        };
        let sound: Vec<i16> = tone::beep().into_iter().cycle().take(16_000).collect();
        assert_eq!(english(&sound, None), None);
        assert_eq!(english(&[0; 16_000], None).as_deref(), Some("the announcement is silent"));
        assert_eq!(english(&[3; 16_000], None).as_deref(), Some("the announcement is silent"));
        assert!(english(&sound[..4_000], None).unwrap().contains("lasts 0.5 s"));
        let missing = Some(Duration::from_millis(1_500));
        assert!(english(&sound, missing).unwrap().contains("1.5 s of the file"));
    }

    #[test]
    fn a_file_that_ends_too_early_is_seen() {
        let file = wav::to_file(&[1_000; 16_000]).unwrap();
        assert_eq!(wav::missing(&file), None);
        assert_eq!(wav::missing(&file[..44 + 16_000]), Some(Duration::from_secs(1)));
        assert_eq!(wav::missing(b"OggS"), None, "what is no WAV says nothing of its length");
    }
}
