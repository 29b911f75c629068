//! Samples: G.711, WAV and other files, resampling, tones, levels, prompts encoded once.
//!
//! Everything here is 8,000 samples a second, mono, once it is in: a file goes through [`decode`] and [`intake`] into a
//! [`sound::Sound`] when the site is loaded, never while a call waits. Files are octets that somebody else has read.

pub mod correlate;
pub mod decode;
pub(crate) mod dtmf;
pub mod g711;
pub(crate) mod goertzel;
pub(crate) mod inspect;
pub(crate) mod intake;
pub(crate) mod level;
pub mod loudness;
pub(crate) mod resample;
pub mod sound;
pub mod tone;
pub mod wav;

/// Samples in a second of all audio in the house.
pub(crate) const RATE_HZ: u32 = 8_000;
