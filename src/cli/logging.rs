//! Where the log goes: standard error; without times and colours when the journal adds its own.

use tracing_subscriber::EnvFilter;

/// Sets the log up once. `RUST_LOG` rules; `info` otherwise.
pub(crate) fn start(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let journal = std::env::var("JOURNAL_STREAM").is_ok();
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        // A log that nobody reads any more is no reason to panic.
        .log_internal_errors(false);
    let started = if journal {
        builder.without_time().with_ansi(false).try_init()
    } else {
        builder.with_ansi(terminal).try_init()
    };
    // A second call finds a log that is there already: the demo starts a server inside its own process.
    drop(started);
}
