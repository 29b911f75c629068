//! Callers' numbers as a keyed hash (HMAC-SHA256, RFC 2104): it still tells callers apart when the number is gone, and says nothing
//! without the key, which lies beside the database.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::place::Place;
use crate::io::{disk, entropy};

/// Octets of the key, and of a block of the hash.
const KEY_BYTES: usize = 32;
const BLOCK_BYTES: usize = 64;
/// Octets of the hash that are kept: no two of all telephone numbers there are will meet.
const HASH_BYTES: usize = 16;
/// How a hashed number begins where the number stood.
const MARK: &str = "hash:";

/// The key of a store.
#[derive(Clone)]
pub(super) struct Key([u8; KEY_BYTES]);

impl Key {
    /// That of a store; drawn and written down at the first time.
    ///
    /// # Errors
    /// It cannot be read, or not written.
    pub(super) fn of(place: &Place) -> io::Result<Self> {
        let path = place.key();
        match std::fs::File::open(&path) {
            Ok(mut file) => {
                let mut key = [0; KEY_BYTES];
                file.read_exact(&mut key)?;
                Ok(Self(key))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = entropy::seed();
                disk::write_whole(&path, &key)?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
    }

    /// What stands for a number; of one that is hashed already, the same again.
    pub(super) fn hash(&self, number: &str) -> String {
        if number.starts_with(MARK) {
            return number.to_owned();
        }
        let mac = hmac(&self.0, number.as_bytes());
        mac[..HASH_BYTES].iter().fold(MARK.to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}

/// Whether this is what stands for a number, rather than one.
pub(super) fn is_hash(number: &str) -> bool {
    number.starts_with(MARK)
}

/// RFC 2104, with a key no longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let padded = |with: u8| {
        let mut block = [with; BLOCK_BYTES];
        block.iter_mut().zip(key).for_each(|(octet, key)| *octet ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::store::tests::Folder;

    #[test]
    fn the_hash_is_that_of_rfc_4231() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(
            hex(hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_key_is_drawn_once_and_a_hash_stands_for_itself() {
        let folder = Folder::new("key");
        let (first, again) = (Key::of(&folder.place()).unwrap(), Key::of(&folder.place()).unwrap());
        let hash = first.hash("+33612345678");
        assert_eq!((again.hash("+33612345678"), first.hash(&hash)), (hash.clone(), hash.clone()));
        assert_ne!(first.hash("+33612345679"), hash);
        assert!(is_hash(&hash) && !is_hash("+33612345678"));
    }
}
