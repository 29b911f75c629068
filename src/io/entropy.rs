//! The system's entropy, once, for the switchboard's generator.

use std::io::Read;

/// 32 octets of `/dev/urandom`; mixed with the clock and the process should it be missing (a chroot without devices).
pub(crate) fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut seed));
    if read.is_err() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        seed[..16].copy_from_slice(&now.as_nanos().to_le_bytes());
        seed[16..20].copy_from_slice(&std::process::id().to_le_bytes());
    }
    seed
}
