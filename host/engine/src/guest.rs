//! What a wasmtime store holds during a call, as far as this room is concerned.

use ottavo_core::Limits;
use ottavo_core::units::ByteCount;
use wasmtime::{Store, UpdateDeadline};

use crate::clock::CpuClock;
use crate::memory::MemoryCap;
use crate::total::Total;

/// How much of the guest's data one host call may copy, beside the largest body.
const HOSTCALL_ROOM: u64 = 4 << 20;

/// The meters of one call.
pub struct Meters {
    clock: CpuClock,
    limits: Limits,
    memory: MemoryCap,
}

/// Data of a store that carries the meters of its call.
pub trait Metered: Send + 'static {
    /// The meters.
    fn meters(&self) -> &Meters;
    /// The meters, to be moved on.
    fn meters_mut(&mut self) -> &mut Meters;
}

impl Meters {
    pub(crate) fn new(limits: &Limits, total: Total) -> Meters {
        let memory = MemoryCap::new(limits.memory.as_usize(), total);
        Meters { clock: CpuClock::new(), limits: *limits, memory }
    }

    /// Begins to measure one more call of the same instance, whose memory goes on.
    pub fn renew(&mut self) {
        self.clock = CpuClock::new();
        self.memory.forget_refusal();
    }

    /// The CPU clock, for host calls to stop.
    pub fn clock(&self) -> &CpuClock {
        &self.clock
    }

    /// The limits of the instance.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn memory(&self) -> &MemoryCap {
        &self.memory
    }
}

/// A store for the calls of one instance, which its meters bound.
pub fn store<T: Metered>(engine: &wasmtime::Engine, data: T, limits: &Limits) -> Store<T> {
    let mut store = Store::new(engine, data);
    store.limiter(|data| &mut data.meters_mut().memory);
    store.set_hostcall_fuel(hostcall_bytes(limits).as_usize());
    store.set_max_component_handles(limits.handles as usize);
    store.epoch_deadline_callback(|cx| {
        let Meters { clock, limits, .. } = cx.data().meters();
        if clock.spent() > limits.cpu.0 {
            return Err(OutOfCpu.into());
        }
        // `yield_now` and not a plain yield: tokio then looks after its sockets and timers before
        // it comes back, even when every worker runs a busy guest
        let others_first = Box::pin(tokio::task::yield_now());
        Ok(UpdateDeadline::YieldCustom(1, others_first))
    });
    store
}

/// The most that one host call may take from the guest's memory.
pub(crate) fn hostcall_bytes(limits: &Limits) -> ByteCount {
    ByteCount(limits.body.0.saturating_add(HOSTCALL_ROOM))
}

/// Sets the next tick that interrupts the guest, before each call.
pub(crate) fn rearm<T>(store: &mut Store<T>) {
    store.set_epoch_deadline(1);
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
