//! Which code of a component a function runs: that with headroom, unless it is too large for it.

use ottavo_core::units::ByteCount;
use ottavo_core::{Error, Result};
use wasmtime::component::Component;

use crate::{Engine, Target};

/// What there is for a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<C> {
    /// What it runs.
    Code(C),
    /// What is to be made before that is known.
    Missing(Target),
}

impl Engine {
    /// What a function runs that may have so much memory. `get` has what there is for a target, and
    /// `component` what was loaded of it.
    ///
    /// # Errors
    /// Those of `get`.
    pub fn choose<C>(
        &self,
        memory: ByteCount,
        mut get: impl FnMut(Target) -> Result<Option<C>>,
        component: impl Fn(&C) -> &Component,
    ) -> Result<Choice<C>> {
        let mut targets = self.targets().peekable();
        while let Some(target) = targets.next() {
            let Some(code) = get(target)? else { return Ok(Choice::Missing(target)) };
            if targets.peek().is_none() || self.fits(component(&code), target, memory) {
                return Ok(Choice::Code(code));
            }
        }
        Err(Error::internal("an engine without a target"))
    }
}
