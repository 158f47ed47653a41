//! When something is due next: cron expressions in time zones.
//!
//! Time zones are those of the database in the binary: the machine's may differ, and this room does no
//! I/O.

mod cron;
mod text;
mod zone;

pub use cron::Cron;
pub use zone::Zone;

#[cfg(test)]
mod tests;
