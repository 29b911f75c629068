//! How loud a source is heard: whole decibels, and the factor that samples are multiplied with.
//!
//! Integers throughout, so that a mix is the same on every machine (law 10).

/// The most that is taken away: below this nothing of a voice is left in the steps of G.711.
const DECIBELS_MIN: i8 = -60;
/// The most that is added: the product of the loudest sample and this gain still fits 32 bits.
const DECIBELS_MAX: i8 = 24;
/// A factor of 1.
const ONE: i32 = 1 << FRACTION_BITS;
const FRACTION_BITS: u32 = 12;
/// A decibel up and one down, as fractions of 2^28: 10^(1/20) and 10^(-1/20).
const UP: i64 = 301_189_536;
const DOWN: i64 = 239_243_352;
const STEP_BITS: u32 = 28;

/// A gain in whole decibels.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Gain(i8);

impl Gain {
    /// As it is.
    pub const UNITY: Self = Self(0);

    /// So many decibels more (or fewer), between -60 and +24; what lies beyond is brought to these.
    #[cfg_attr(not(test), expect(dead_code, reason = "the policies of today hear all as it is"))]
    pub(crate) const fn decibels(decibels: i8) -> Self {
        if decibels < DECIBELS_MIN {
            Self(DECIBELS_MIN)
        } else if decibels > DECIBELS_MAX {
            Self(DECIBELS_MAX)
        } else {
            Self(decibels)
        }
    }

    /// What samples are multiplied with.
    pub(super) fn factor(self) -> Factor {
        let step = if self.0 < 0 { DOWN } else { UP };
        let exact =
            (0..self.0.unsigned_abs()).fold(1_i64 << STEP_BITS, |factor, _| (factor * step) >> STEP_BITS);
        Factor((exact >> (STEP_BITS - FRACTION_BITS)) as i32)
    }
}

/// A factor in steps of 1/4,096.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Factor(i32);

impl Factor {
    /// The sample, louder or softer: wider than it was, as it is not yet saturated.
    #[inline]
    pub(super) fn of(self, sample: i16) -> i32 {
        (i32::from(sample) * self.0 + ONE / 2) >> FRACTION_BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_are_factors_and_the_loudest_sample_fits() {
        let of = |decibels: i8, sample: i16| Gain::decibels(decibels).factor().of(sample);
        assert_eq!((of(0, 12_345), of(0, i16::MIN)), (12_345, -32_768));
        assert!((of(6, 10_000) - 19_953).abs() < 20, "{}", of(6, 10_000));
        assert!((of(-20, 10_000) - 1_000).abs() < 5, "{}", of(-20, 10_000));
        assert!((of(20, 1_000) - 10_000).abs() < 5, "{}", of(20, 1_000));
        assert!((of(127, i16::MIN) + 519_341).abs() < 300, "{}", of(127, i16::MIN));
        assert_eq!((of(-128, 400), of(-60, 32_767)), (0, 32));
        assert_eq!(Gain::decibels(0), Gain::UNITY);
    }
}
