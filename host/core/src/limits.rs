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
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: ByteCount::mib(128),
            cpu: Span(Duration::from_secs(1)),
            timeout: Span(Duration::from_secs(10)),
            body: ByteCount::mib(4),
        }
    }
}
