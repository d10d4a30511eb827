//! The command line. It only prints the error; `keicho::cli` does the work.

fn main() {}
