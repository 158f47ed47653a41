//! What a wasmtime store holds during a call.

use ottavo_core::Limits;
use ottavo_core::units::Span;
use wasmtime::{Store, UpdateDeadline};

use crate::clock::CpuClock;
use crate::memory::MemoryCap;

/// How much of the guest's data one call of a host function may copy: the largest body and its
/// envelope.
const HOSTCALL_ROOM: usize = 64 << 10;

/// The data of the room above, and the meters of the call.
pub struct Guest<T> {
    /// What host functions work with.
    pub data: T,
    pub(crate) clock: CpuClock,
    pub(crate) cpu: Span,
    pub(crate) memory: MemoryCap,
}

impl<T: Send + 'static> Guest<T> {
    /// A store for one call within `limits`.
    pub fn store(engine: &wasmtime::Engine, data: T, limits: &Limits) -> Store<Guest<T>> {
        let memory = MemoryCap::new(limits.memory.as_usize());
        let guest = Guest { data, clock: CpuClock::new(), cpu: limits.cpu, memory };
        let mut store = Store::new(engine, guest);
        store.limiter(|guest| &mut guest.memory);
        store.set_hostcall_fuel(limits.body.as_usize().saturating_add(HOSTCALL_ROOM).max(8 << 20));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|cx| {
            let Guest { clock, cpu, .. } = cx.data();
            if clock.spent() > cpu.0 {
                return Err(OutOfCpu.into());
            }
            // `yield_now` and not a plain yield: tokio then looks after its sockets and timers
            // before it comes back, even when every worker runs a busy guest
            let others_first = Box::pin(tokio::task::yield_now());
            Ok(UpdateDeadline::YieldCustom(1, others_first))
        });
        store
    }
}

impl<T> Guest<T> {
    /// The CPU clock of the call, for host functions to stop.
    pub fn clock(&self) -> &CpuClock {
        &self.clock
    }
}

/// Raised in a guest that has used up its CPU time.
#[derive(Debug)]
pub(crate) struct OutOfCpu;

impl std::fmt::Display for OutOfCpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the CPU time of the call is used up")
    }
}

impl std::error::Error for OutOfCpu {}
