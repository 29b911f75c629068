//! Callers' numbers as a keyed hash (HMAC-SHA256, RFC 2104): it still tells callers apart when the number is gone, and says nothing
//! without the key, which lies beside the database.

use std::io::{self, Read};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::place::Place;
use crate::io::{disk, entropy};

/// Octets of the key.
const KEY_BYTES: usize = 32;
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
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key may have any length");
        let mac = mac.chain_update(number.as_bytes()).finalize().into_bytes();
        mac[..HASH_BYTES].iter().fold(MARK.to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}

/// Whether this is what stands for a number, rather than one.
pub(crate) fn is_hash(number: &str) -> bool {
    number.starts_with(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::store::tests::Folder;

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
