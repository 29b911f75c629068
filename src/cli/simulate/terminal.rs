//! The keyboard without Enter: the terminal gives each key at once, and is given back as it was, whatever ends the command.

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// A terminal whose keys come at once and are not echoed. Dropped (also by a panic), it is what it was.
pub(super) struct Keyboard {
    before: Termios,
}

impl Keyboard {
    /// Takes the terminal; none when standard input is not one.
    pub(super) fn take() -> Option<Self> {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok()?;
        let mut live = before.clone();
        // Ctrl-C comes as a key too: the call is hung up then, and the terminal given back.
        live.local_modes
            .remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN);
        // A read gives what is there, and does not wait.
        live.special_codes[SpecialCodeIndex::VMIN] = 0;
        live.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&stdin, OptionalActions::Now, &live).ok()?;
        Some(Self { before })
    }

    /// The keys that were pressed since the last time.
    pub(super) fn keys(&self) -> Vec<char> {
        let mut bytes = [0_u8; 256];
        let length = rustix::io::read(std::io::stdin(), &mut bytes).unwrap_or(0);
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        // Arrows and the like come as an escape and letters, which mean nothing here.
        if text.starts_with('\x1b') { Vec::new() } else { text.chars().collect() }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}
