//! Samples: G.711, WAV and other files, resampling, tones, levels, prompts encoded once.

pub mod g711;
pub mod sound;
