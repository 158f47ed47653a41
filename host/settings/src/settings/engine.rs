//! `[engine]`: what all functions share.

use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::PATH;

/// The WebAssembly engine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Engine {
    /// The most that a function may ask for as `limits.memory`; from `64KiB` to `4GiB`. A manifest that
    /// asks for more is refused at deploy. Default `256MiB`.
    #[schemars(extend("x-least" = "64KiB", "x-most" = "4GiB"))]
    pub max_memory: ByteCount,
    /// What each memory of a function has beyond what the function asks for, so that it grows without a call
    /// of the kernel; counted in its limit, and left out where that has no room for it. `0B` is none, to find
    /// out whether it matters. Default `1MiB`, and `0B` on Linux before 6.7.
    #[schemars(extend("x-most" = "64MiB"))]
    pub memory_headroom: Option<ByteCount>,
    /// All memories and tables of all instances together. Growing beyond it fails, and a call that fails for
    /// that is answered 503. Default: three quarters of the machine's memory, or of what its control group
    /// may have.
    #[schemars(extend("x-least" = "1MiB"))]
    pub total_memory: Option<ByteCount>,
    /// Calls that run at once, over all functions; one more waits as with `limits.queue`. Default `1000`.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_instances: u32,
    /// How many calls by name may be within each other, from function to function. Default `8`.
    #[schemars(range(min = 0, max = 64))]
    pub max_depth: u32,
    /// How long a function that is not called keeps its code in memory, at least `100ms`; the next call
    /// brings it back from disk. Default `10m`.
    #[schemars(extend("x-least" = "100ms"))]
    pub unload_after: Span,
    /// Where compiled functions are kept, so that a restart need not compile them. Several hosts of
    /// one user may share it. Default: `compiled` in the data directory.
    #[schemars(extend("format" = PATH))]
    pub cache_dir: Option<PathBuf>,
    /// What makes native code of a function: `optimizing`, or `baseline`, which needs a fifth of the time for
    /// code that is slower. Default `optimizing`, and under `ottavo dev` on x86-64 `baseline`.
    pub compiler: Option<Compiler>,
}

/// What makes native code of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Compiler {
    /// Fast code.
    Optimizing,
    /// Soon done.
    Baseline,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine {
            max_memory: ByteCount::mib(256),
            memory_headroom: None,
            total_memory: None,
            max_instances: 1000,
            max_depth: 8,
            unload_after: Span::secs(600),
            cache_dir: None,
            compiler: None,
        }
    }
}
