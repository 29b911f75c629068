//! What is said to who started a command. A reader that has gone (`svi status | head -1`, a closed terminal) is no reason to
//! die: the standard macros panic then.

use std::io::Write;

/// Prints; what cannot be said is not.
pub(crate) fn out(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Complains; what cannot be said is not.
pub(crate) fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// As `println!`.
macro_rules! outln {
    ($($text:tt)*) => { $crate::io::terminal::out(&format!("{}\n", format_args!($($text)*))) };
}

/// As `eprintln!`.
macro_rules! errln {
    ($($text:tt)*) => { $crate::io::terminal::err(&format!("{}\n", format_args!($($text)*))) };
}

pub(crate) use {errln, outln};
