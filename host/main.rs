//! The front door: everything else is behind `ottavo_cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ottavo_cli::run()
}
