//! The `svi` command. All of it is in the library; see `cli/`.

use std::process::ExitCode;

fn main() -> ExitCode {
    svi::cli::main()
}
