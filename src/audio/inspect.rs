//! What is wrong with a recording that callers are to hear: too loud, too soft, cut peaks, silence where none belongs.

use std::ops::Range;

use super::RATE_HZ;
use super::level::{dbfs, power_of};
use super::loudness::{Loudness, PEAK_DBTP_MAX, measure};
use crate::base::time::Duration;

/// 20 ms, the shortest silence that is told from a consonant.
const BLOCK: usize = 160;
/// Softer than this is silence on a telephone line.
const SILENCE_DBFS: f32 = -50.0;
/// Full scale: so near to it, several samples in a row, a peak was cut off.
const CUT: u16 = 32_700;
/// A caller takes a longer silence inside a prompt for the end, or for a lost call.
pub(crate) const INNER_SILENCE_MAX: Duration = Duration::from_millis(1_000);
/// A longer silence at an end is heard as a delay.
pub(crate) const END_SILENCE_MAX: Duration = Duration::from_millis(300);
/// Prompts whose levels lie further apart than this are heard as different in level.
const UNEVEN_LU: f64 = 3.0;

/// A recording, measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inspection {
    /// How long it is.
    pub(crate) duration: Duration,
    /// How loud.
    pub(crate) loudness: Loudness,
    /// Peaks that were cut off: runs of two samples or more at full scale.
    pub(crate) cut_peaks: usize,
    /// Silence before the first sound.
    pub(crate) before: Duration,
    /// Silence behind the last sound.
    pub(crate) behind: Duration,
    /// The longest silence between them.
    pub(crate) inside: Duration,
}

/// Something that must be mended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// There is no sound in it.
    Silent,
    /// Peaks were cut off when it was recorded: no gain mends that.
    Clipped,
    /// Its peaks keep it from being brought to the level of the others.
    TooSoft,
    /// Silence at the beginning.
    SilenceBefore,
    /// Silence at the end.
    SilenceBehind,
    /// Silence within.
    SilenceInside,
}

impl Fault {
    /// In words.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "no sound",
            Self::Clipped => "clipped",
            Self::TooSoft => "too soft beside its peaks",
            Self::SilenceBefore => "silence at the beginning",
            Self::SilenceBehind => "silence at the end",
            Self::SilenceInside => "long silence inside",
        }
    }
}

/// Measures a recording, 8,000 samples a second.
pub(crate) fn inspect(samples: &[i16]) -> Inspection {
    let quiet: Vec<bool> = samples.chunks(BLOCK).map(|block| dbfs(power_of(block)) < SILENCE_DBFS).collect();
    let length = |blocks: usize| Duration::from_millis(blocks as u64 * 20);
    let before = quiet.iter().take_while(|quiet| **quiet).count();
    let behind = quiet.iter().rev().take_while(|quiet| **quiet).count();
    let inner = quiet.get(before..quiet.len().saturating_sub(behind)).unwrap_or_default();
    let inside = inner.split(|quiet| !quiet).map(<[bool]>::len).max().unwrap_or(0);
    let at_full_scale = |pair: &[i16]| pair.iter().all(|sample| sample.unsigned_abs() >= CUT);
    let mut cut_peaks = 0;
    let mut in_peak = false;
    for pair in samples.windows(2) {
        let cut = at_full_scale(pair);
        cut_peaks += usize::from(cut && !in_peak);
        in_peak = cut;
    }
    Inspection {
        duration: Duration::from_micros(samples.len() as u64 * 1_000_000 / u64::from(RATE_HZ)),
        loudness: measure(samples),
        cut_peaks,
        before: length(before),
        behind: length(behind),
        inside: length(inside),
    }
}

/// The samples of a recording without the silence at its ends, 100 ms of each apart; none when there is no more than that, or
/// no sound.
pub(crate) fn without_silence(samples: &[i16]) -> Option<Range<usize>> {
    const BREATH: usize = 5;
    let loud = |block: &[i16]| dbfs(power_of(block)) >= SILENCE_DBFS;
    let first = samples.chunks(BLOCK).position(loud)?;
    let last = samples.chunks(BLOCK).rposition(loud)?;
    let from = first.saturating_sub(BREATH) * BLOCK;
    let until = ((last + 1 + BREATH) * BLOCK).min(samples.len());
    (from > 0 || until < samples.len()).then_some(from..until)
}

impl Inspection {
    /// What must be mended, for a recording that is to be heard at this level. Music may be silent where it likes.
    pub(crate) fn faults(&self, target_lufs: f64, is_music: bool) -> Vec<Fault> {
        let Some(peak) = self.loudness.true_peak_dbtp else { return vec![Fault::Silent] };
        let level = self.loudness.integrated_lufs;
        let reached = level.map(|level| level + (target_lufs - level).min(PEAK_DBTP_MAX - peak));
        let faults = [
            (self.cut_peaks > 0, Fault::Clipped),
            (reached.is_some_and(|level| level < target_lufs - UNEVEN_LU), Fault::TooSoft),
            (!is_music && self.before > END_SILENCE_MAX, Fault::SilenceBefore),
            (!is_music && self.behind > END_SILENCE_MAX, Fault::SilenceBehind),
            (!is_music && self.inside > INNER_SILENCE_MAX, Fault::SilenceInside),
        ];
        faults.into_iter().filter(|(found, _)| *found).map(|(_, fault)| fault).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::loudness::{SPEECH_LUFS, amplified};
    use crate::audio::tone;

    #[test]
    fn silence_at_the_ends_is_cut_to_a_breath() {
        let quiet = |milliseconds: usize| vec![0; milliseconds * 8];
        let all = [quiet(400), sound(500, -6.0), quiet(200), sound(500, -6.0), quiet(900)].concat();
        let kept = without_silence(&all).unwrap();
        assert_eq!(kept, 300 * 8..1_700 * 8, "the pause within stays");
        assert_eq!(without_silence(&all[kept]), None, "it is cut once");
        assert_eq!(without_silence(&quiet(900)), None, "what says nothing is told to be silent");
    }

    fn sound(milliseconds: u64, peak_dbfs: f64) -> Vec<i16> {
        tone::tone(&[440.0], Duration::from_millis(milliseconds), peak_dbfs)
    }

    fn silence(milliseconds: usize) -> Vec<i16> {
        vec![0; milliseconds * 8]
    }

    #[test]
    fn silences_are_found_where_they_are() {
        let samples =
            [silence(400), sound(1_000, -12.0), silence(1_100), sound(1_000, -12.0), silence(320)].concat();
        let found = inspect(&samples);
        assert_eq!(found.duration, Duration::from_millis(3_820));
        assert_eq!(
            (found.before, found.inside, found.behind),
            (Duration::from_millis(400), Duration::from_millis(1_100), Duration::from_millis(320))
        );
        let faults = found.faults(SPEECH_LUFS, false);
        assert_eq!(faults, [Fault::SilenceBefore, Fault::SilenceBehind, Fault::SilenceInside]);
        assert_eq!(found.faults(SPEECH_LUFS, true), []);
    }

    #[test]
    fn a_good_recording_has_no_fault_and_silence_is_one() {
        let good = [silence(100), sound(2_000, -14.0), silence(100)].concat();
        assert_eq!(inspect(&good).faults(SPEECH_LUFS, false), []);
        assert_eq!(inspect(&silence(2_000)).faults(SPEECH_LUFS, false), [Fault::Silent]);
        assert_eq!(inspect(&[]).faults(SPEECH_LUFS, false), [Fault::Silent]);
    }

    #[test]
    fn peaks_that_were_cut_off_are_counted() {
        let cut = amplified(&sound(1_000, -1.0), 6.0);
        let found = inspect(&cut);
        assert!((800..=900).contains(&found.cut_peaks), "{} peaks of 440 Hz", found.cut_peaks);
        assert_eq!(found.faults(SPEECH_LUFS, false), [Fault::Clipped]);
    }

    #[test]
    fn speech_far_below_its_peaks_cannot_be_brought_up() {
        let mut samples = sound(2_000, -36.0);
        samples[8_000] = 30_000;
        assert_eq!(inspect(&samples).faults(SPEECH_LUFS, false), [Fault::TooSoft]);
    }
}
