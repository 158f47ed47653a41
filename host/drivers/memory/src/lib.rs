//! The reference driver: everything in memory, nothing durable.
