//! Raised scheduling for the threads that send audio: where the machine is shared, nothing else makes so much of a difference.

use std::io;

/// The nice value of media threads: before everything ordinary, behind what the administrator runs in real time.
pub(crate) const MEDIA_NICE: i32 = -10;

/// Sets the nice value of the calling thread (on Linux a nice value belongs to a thread).
///
/// # Errors
/// Not allowed: without CAP_SYS_NICE or a limit (`LimitNICE=`) the thread stays as it is.
pub(crate) fn set_nice(nice: i32) -> io::Result<()> {
    let thread = rustix::thread::gettid();
    rustix::process::setpriority_process(Some(thread), nice).map_err(io::Error::from)
}
