//! A component becomes native code.
//!
//! A compilation cannot be stopped from within its process, and what it takes is up to the component:
//! this is for a process that does nothing else, which its parent can end.

use ottavo_core::{Error, Result};

use crate::engine::settings;
use crate::{Compiler, Target};

/// Compiles a component to what [`Engine::keep`](crate::Engine::keep) takes. Blocks for as long as
/// that takes.
///
/// # Errors
/// `invalid-argument` when the bytes are not a component that this engine runs.
pub fn compile(component: &[u8], target: Target) -> Result<Vec<u8>> {
    // how instances are allocated changes nothing of the code
    let engine = wasmtime::Engine::new(&settings(target)).map_err(|error| {
        Error::internal(format!("the engine of the compiler does not start: {error:#}"))
    })?;
    engine.precompile_component(component).map_err(|error| {
        let hint = match target.compiler {
            Compiler::Optimizing => "",
            Compiler::Baseline => "; `engine.compiler = \"optimizing\"` takes more",
        };
        Error::invalid(format!("the component does not compile: {error:#}{hint}"))
    })
}
