//! The `keicho` command: `keicho::cli` does the work.

use std::process::ExitCode;

fn main() -> ExitCode {
    keicho::cli::main()
}
