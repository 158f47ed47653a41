//! How instances are allocated: a pool of slots, tuned for one fresh instance per call.

use ottavo_core::units::ByteCount;
use wasmtime::{Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::Config;

/// Memory of a slot that is kept and wiped between calls rather than given back. Measured: the best
/// of 0, 64 KiB, 1, 10 and 64 MiB for guests of every size.
const KEEP_RESIDENT: usize = 10 << 20;

/// Slots that keep their memory while unused, at least. Each remembers the component that it had last: for
/// another one, its pages are mapped anew, which costs more than the rest of a request.
const WARM_SLOTS: u32 = 64;

/// The part of all memory that unused slots may hold, were each of them full.
const HELD: u64 = 8;

/// A component of a language SDK has one core instance, with a WASI adapter four or five.
const CORE_INSTANCES: u32 = 6;

/// Tables a component has: its own, and those of adapters and shims.
const TABLES: u32 = 3;

/// What a memory of 32 bits can address.
const ADDRESSABLE: u64 = 4 << 30;

/// The strategy with room for `instances` at a time; on demand for zero.
pub(crate) fn strategy(config: &Config, instances: u32) -> InstanceAllocationStrategy {
    if instances == 0 {
        return InstanceAllocationStrategy::OnDemand;
    }
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(CORE_INSTANCES))
        .max_core_instances_per_component(20)
        .total_memories(instances)
        .max_memories_per_component(4)
        .total_tables(instances.saturating_mul(TABLES))
        .max_tables_per_component(20)
        .total_stacks(instances)
        .max_memory_size(largest_memory(config))
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        .async_stack_keep_resident(64 << 10)
        .max_unused_warm_slots(warm_slots(config))
        .pagemap_scan(Enabled::Auto);
    InstanceAllocationStrategy::Pooling(pool)
}

/// How many slots keep their memory while unused: what the host holds when it is idle.
fn warm_slots(config: &Config) -> u32 {
    let slots = config.total_memory.0 / HELD / KEEP_RESIDENT as u64;
    u32::try_from(slots).unwrap_or(u32::MAX).max(WARM_SLOTS)
}

/// What a slot has room for. A component that asks for nearly the largest memory has its headroom beside it; the
/// limits of its function still hold.
fn largest_memory(config: &Config) -> usize {
    let with_headroom = config.max_memory.0.saturating_add(config.headroom.size().0);
    ByteCount(with_headroom.min(config.max_memory.0.max(ADDRESSABLE))).as_usize()
}
