//! What one call of a function may use.

use std::time::Duration;

use crate::units::{ByteCount, Span};

/// The bounds of one call. Every one has a default and can be set per function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// All linear memories and tables of the instance together.
    pub memory: ByteCount,
    /// Time spent running the guest's own code; waiting and host calls are not counted.
    pub cpu: Span,
    /// Wall-clock time of the whole call.
    pub timeout: Span,
    /// The request's body, and also the response's.
    pub body: ByteCount,
    /// Whether an instance takes more than one call.
    pub reuse: Reuse,
    /// Calls of one version at once.
    pub concurrency: u32,
    /// Calls that wait for one of these to end.
    pub queue: u32,
    /// How long one waits.
    pub queue_timeout: Span,
    /// Handles that a call holds.
    pub handles: u32,
    /// What one call writes to the log.
    pub log: ByteCount,
    /// Requests of one call to the outside, to functions, to apps and to bindings.
    pub outbound_calls: u32,
    /// The bodies of these and of their answers together.
    pub outbound_bytes: ByteCount,
}

/// For how long an instance is kept. A call that traps or is given up ends it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// How many calls it takes, one after the other; 1 is a fresh instance for each call.
    pub calls: u32,
    /// How long it waits for the next one.
    pub idle: Span,
}

impl Default for Reuse {
    fn default() -> Reuse {
        Reuse { calls: 1, idle: Span::secs(1) }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: ByteCount::mib(128),
            cpu: Span(Duration::from_secs(1)),
            timeout: Span(Duration::from_secs(10)),
            body: ByteCount::mib(4),
            reuse: Reuse::default(),
            concurrency: 200,
            queue: 200,
            queue_timeout: Span::secs(1),
            handles: 10_000,
            log: ByteCount::mib(1),
            outbound_calls: 1000,
            outbound_bytes: ByteCount::mib(64),
        }
    }
}
