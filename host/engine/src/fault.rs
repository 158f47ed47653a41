//! What stopped a guest.

use std::fmt;

use ottavo_core::units::{ByteCount, Span};
use wasmtime::{Trap, WasmBacktrace};

use crate::Meters;
use crate::guest::OutOfCpu;

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

/// How many functions of a backtrace are kept.
const FRAMES: usize = 16;

impl Fault {
    pub(crate) fn of(error: wasmtime::Error, meters: &Meters) -> Fault {
        if error.is::<OutOfCpu>() {
            return Fault::Cpu { limit: meters.cpu_limit() };
        }
        if let Some(full) = error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>() {
            return Fault::NoRoom { reason: full.to_string() };
        }
        let backtrace = backtrace(&error);
        let trap = error.downcast_ref::<Trap>().copied();
        if let Some(wanted) = meters.memory().refused() {
            let end = trap.map_or_else(|| error.root_cause().to_string(), |trap| trap.to_string());
            let limit = ByteCount(meters.memory().cap() as u64);
            return Fault::Memory { limit, wanted: ByteCount(wanted as u64), end };
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
            Fault::Stack { backtrace } | Fault::Trap { backtrace, .. } => backtrace,
            _ => &[],
        }
    }
}

fn demangled(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}

fn backtrace(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
    let line = |frame: &wasmtime::FrameInfo| {
        let symbol = frame.symbols().first();
        let name = symbol
            .and_then(|symbol| symbol.name().map(demangled))
            .or_else(|| frame.func_name().map(demangled))
            .unwrap_or_else(|| format!("function {}", frame.func_index()));
        let place = symbol.and_then(|symbol| Some((symbol.file()?, symbol.line()?)));
        match place {
            Some((file, line)) => format!("{name} at {file}:{line}"),
            None => name,
        }
    };
    backtrace.frames().iter().take(FRAMES).map(line).collect()
}

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
            Fault::Stack { .. } => f.write_str("recursed until its stack was used up"),
            Fault::Trap { reason, .. } => write!(f, "trapped: {reason}"),
            Fault::NoRoom { reason } => write!(f, "found no room for an instance: {reason}"),
            Fault::Host { reason } => write!(f, "could not be run: {reason}"),
        }
    }
}
