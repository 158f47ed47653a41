//! This program, started once more to compile.

use std::io;
use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
use rustix::process::{Resource, Rlimit, nice, setrlimit};

/// The most threads by default.
const MAX_THREADS: usize = 8;

/// How far it gives way to what answers requests: those get three times the time.
const NICE: i32 = 5;

/// The file of this process, though another one may lie in its place by now.
const SELF: &str = "/proc/self/exe";

/// What starts it, within these bounds.
pub(crate) fn command(cpu: Span, memory: ByteCount) -> (PathBuf, Vec<String>) {
    let itself = PathBuf::from(SELF);
    let program = match itself.exists() {
        true => itself,
        // elsewhere than on Linux
        false => std::env::current_exe().unwrap_or(itself),
    };
    let arguments = ["compile", "--memory", &memory.to_string(), "--cpu", &cpu.to_string()];
    (program, arguments.map(str::to_owned).to_vec())
}

/// How many threads it has by default.
pub(crate) fn threads() -> u32 {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(all.min(MAX_THREADS)).unwrap_or(1)
}

/// Compiles what is asked for on standard input, within these bounds, until nobody asks any more.
///
/// # Errors
/// When the bounds cannot be set, or nothing can be answered.
pub fn compile(memory: ByteCount, cpu: Span) -> io::Result<()> {
    bound(Resource::Cpu, cpu.0.as_secs().saturating_add(1))?;
    bound(Resource::Data, memory.0)?;
    bound(Resource::Core, 0)?;
    nice(NICE)?;
    ottavo_functions::compile(io::stdout().lock())
}

fn bound(what: Resource, most: u64) -> io::Result<()> {
    Ok(setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?)
}
