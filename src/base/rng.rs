//! Chance enters here once, as a seed; tags, branches, SSRCs, nonces and ports all come from it (law 10).

use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A cryptographic generator (ChaCha, 12 rounds): from one seed, always the same sequence.
#[derive(Clone, Debug)]
pub struct Rng(ChaCha12Rng);

impl Rng {
    /// The generator of a 64-bit seed: tests and the simulator.
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha12Rng::seed_from_u64(seed))
    }

    /// The generator of a full seed: `io` fills it from the system's entropy.
    pub(crate) fn from_entropy(seed: [u8; 32]) -> Self {
        Self(ChaCha12Rng::from_seed(seed))
    }

    /// An independent generator, so that one room's draws do not move another's.
    pub(crate) fn fork(&mut self) -> Self {
        let mut seed = [0; 32];
        self.0.fill_bytes(&mut seed);
        Self(ChaCha12Rng::from_seed(seed))
    }

    /// 32 random bits.
    pub(crate) fn u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// 64 random bits.
    pub fn u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..bound`; 0 if `bound` is 0. The bias is below 2^-32 for any bound of ours.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.next_u64() % bound }
    }

    /// True with a probability of `permille` in a thousand.
    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// `2 * bytes` hexadecimal digits: a tag, a branch, a nonce.
    pub(crate) fn hex(&mut self, bytes: usize) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(bytes * 2);
        for _ in 0..bytes {
            let _ = write!(text, "{:02x}", self.below(256));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_sequence() {
        let (mut a, mut b) = (Rng::seeded(7), Rng::seeded(7));
        assert_eq!((a.hex(8), a.u32(), a.below(10)), (b.hex(8), b.u32(), b.below(10)));
        assert_ne!(a.fork().u64(), a.u64());
    }
}
