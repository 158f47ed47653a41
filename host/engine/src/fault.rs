//! What stopped a guest.

use std::fmt;

use ottavo_core::units::{ByteCount, Span};
use wasmtime::component::ResourceTableError;
use wasmtime::{FrameInfo, FrameSymbol, Trap, WasmBacktrace};

use crate::Meters;
use crate::guest::{OutOfCpu, hostcall_bytes};
use crate::memory::Refused;

/// Why a call ended without an answer. The instance is gone.
#[derive(Debug)]
pub enum Fault {
    /// It ran longer than its CPU time.
    Cpu {
        /// The limit in force.
        limit: Span,
    },
    /// The wall-clock deadline passed.
    Timeout {
        /// The limit in force.
        limit: Span,
    },
    /// It ended after memory or a table was refused to it.
    Memory {
        /// The limit in force.
        limit: ByteCount,
        /// How much it would have had.
        wanted: ByteCount,
        /// How it ended.
        end: String,
    },
    /// It ended after memory or a table was refused to it, because all instances together had the most
    /// that they may.
    TotalMemory {
        /// The limit in force, of the host.
        limit: ByteCount,
        /// How it ended.
        end: String,
    },
    /// It wanted more handles than it may hold.
    Handles {
        /// The limit in force.
        limit: u32,
    },
    /// It gave more to one host call than that takes.
    HostCall {
        /// The limit in force.
        limit: ByteCount,
    },
    /// It recursed too deep.
    Stack {
        /// The functions on top of the stack, innermost first.
        backtrace: Vec<String>,
    },
    /// It trapped.
    Trap {
        /// The trap, as WebAssembly names it.
        reason: String,
        /// The functions on top of the stack, innermost first.
        backtrace: Vec<String>,
    },
    /// It ended itself.
    Exit {
        /// The code it gave.
        code: u32,
        /// The functions on top of the stack, innermost first.
        backtrace: Vec<String>,
    },
    /// There is no room for one more instance now.
    NoRoom {
        /// What is used up.
        reason: String,
    },
    /// The host could not run it.
    Host {
        /// For the log.
        reason: String,
    },
}

/// Raised by a host function in which a guest ends itself.
#[derive(Debug)]
pub struct Exit(
    /// The code it gave.
    pub u32,
);

/// What wasmtime says of these two: its errors have no type that others see. A test has both.
const HANDLES: &str = "store handle limit exceeded";
const HOSTCALL: &str = "fuel allocated for hostcalls has been exhausted";

/// How many functions of a backtrace are kept.
const FRAMES: usize = 24;

impl Fault {
    pub(crate) fn of(error: wasmtime::Error, meters: &Meters) -> Fault {
        if error.is::<OutOfCpu>() {
            return Fault::Cpu { limit: meters.limits().cpu };
        }
        if let Some(full) = error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>() {
            return Fault::NoRoom { reason: full.to_string() };
        }
        let backtrace = backtrace(&error);
        let trap = error.downcast_ref::<Trap>().copied();
        let cause = || error.root_cause().to_string();
        if let Some(Refused { wanted, limit, of_host }) = meters.memory().refused() {
            let end = trap.map_or_else(cause, |trap| trap.to_string());
            return match of_host {
                true => Fault::TotalMemory { limit, end },
                false => Fault::Memory { limit, wanted: ByteCount(wanted as u64), end },
            };
        }
        let full = error.downcast_ref::<ResourceTableError>();
        if full.is_some_and(|error| matches!(error, ResourceTableError::Full))
            || cause().contains(HANDLES)
        {
            return Fault::Handles { limit: meters.limits().handles };
        }
        if cause().contains(HOSTCALL) {
            return Fault::HostCall { limit: hostcall_bytes(meters.limits()) };
        }
        if let Some(Exit(code)) = error.downcast_ref() {
            return Fault::Exit { code: *code, backtrace };
        }
        match trap {
            Some(Trap::StackOverflow) => Fault::Stack { backtrace },
            Some(trap) => Fault::Trap { reason: trap.to_string(), backtrace },
            None if error.is::<WasmBacktrace>() => {
                Fault::Trap { reason: error.root_cause().to_string(), backtrace }
            }
            None => Fault::Host { reason: format!("{error:#}") },
        }
    }

    /// The functions on top of the stack when it stopped, innermost first.
    pub fn backtrace(&self) -> &[String] {
        match self {
            Fault::Stack { backtrace }
            | Fault::Trap { backtrace, .. }
            | Fault::Exit { backtrace, .. } => backtrace,
            _ => &[],
        }
    }
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

fn backtrace(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
    let frames = backtrace.frames().iter().filter(|frame| !is_glue(frame));
    frames.flat_map(lines).take(FRAMES).collect()
}

/// Whether a frame is between modules of a component: nothing that anybody wrote.
fn is_glue(frame: &FrameInfo) -> bool {
    frame.func_name().is_none()
        && frame.module().name().is_some_and(|name| name.starts_with("wit-component:"))
}

/// One line for a frame; where its module has symbols, one for each function that was inlined there
/// too, innermost first.
fn lines(frame: &FrameInfo) -> Vec<String> {
    let own = || match frame.func_name() {
        Some(name) => demangled(name),
        None => format!("function {}", frame.func_index()),
    };
    let line = |(at, symbol): (usize, &FrameSymbol)| {
        // symbols name a function without its module; the last one is that of the frame itself
        let inlined = at + 1 < frame.symbols().len();
        let name = match symbol.name() {
            Some(name) if inlined || frame.func_name().is_none() => demangled(name),
            _ => own(),
        };
        match (symbol.file(), symbol.line()) {
            (Some(file), Some(line)) => format!("{name} at {file}:{line}"),
            _ => name,
        }
    };
    match frame.symbols() {
        [] => vec![own()],
        symbols => symbols.iter().enumerate().map(line).collect(),
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit with code {}", self.0)
    }
}

impl std::error::Error for Exit {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Cpu { limit } => {
                write!(
                    f,
                    "ran longer than its CPU limit of {limit}; raise `limits.cpu`, or do less"
                )
            }
            Fault::Timeout { limit } => {
                write!(f, "took longer than its timeout of {limit}; raise `limits.timeout`")
            }
            Fault::Memory { limit, wanted, end } => write!(
                f,
                "needed {wanted} of memory where its limit is {limit} ({end}); raise `limits.memory`"
            ),
            Fault::TotalMemory { limit, end } => write!(
                f,
                "found no memory: all functions together have the host's limit of {limit} ({end}); try again, or raise `engine.total_memory`"
            ),
            Fault::Handles { limit } => write!(
                f,
                "held more handles than it may: `limits.handles` is {limit}, and with `wasi:http` there is one for each 128KiB of `limits.memory`; drop those that are done with, or raise it"
            ),
            Fault::HostCall { limit } => write!(
                f,
                "gave over {limit} to one call of the host: `limits.body` and 4MiB; raise `limits.body`, or give less at a time"
            ),
            Fault::Stack { .. } => f.write_str("recursed until its stack was used up"),
            Fault::Trap { reason, .. } => write!(f, "trapped: {reason}"),
            Fault::Exit { code, .. } => write!(f, "ended itself with exit code {code}"),
            Fault::NoRoom { reason } => write!(f, "found no room for an instance: {reason}"),
            Fault::Host { reason } => write!(f, "could not be run: {reason}"),
        }
    }
}
