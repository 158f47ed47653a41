//! `[limits]`: what one call of a function may use, where its manifest says nothing.

use ottavo_core::Limits;
use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The defaults of every function, each of which its manifest can set.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitsTable {
    /// All memories and tables of an instance together. Default `128MiB`.
    #[schemars(extend("x-least" = "1B"))]
    memory: ByteCount,
    /// Time spent running the function's own code; waiting and host calls are not counted. Default
    /// `1s`.
    #[schemars(extend("x-not-zero" = true))]
    cpu: Span,
    /// Wall-clock time of the whole call. Default `10s`.
    #[schemars(extend("x-not-zero" = true))]
    timeout: Span,
    /// The body of a request, and of a response. Default `4MiB`.
    body: ByteCount,
    /// Calls at once; one more waits. Default `200`.
    #[schemars(range(min = 1))]
    concurrency: u32,
    /// Calls that wait for one of those to end; one more is answered 503. Default `200`.
    queue: u32,
    /// How long one waits before it is answered 503; not counted in `timeout`. Default `1s`.
    queue_timeout: Span,
    /// Handles that a call holds: files, streams and their like. Default `10000`.
    #[schemars(range(min = 1))]
    handles: u32,
    /// What one call writes to its log; the rest is cut. Default `1MiB`.
    log: ByteCount,
    /// Requests of one call to the outside, to functions, to apps and to bindings. Default `1000`.
    outbound_calls: u32,
    /// The bodies of these requests and of their answers, together. Default `64MiB`.
    outbound_bytes: ByteCount,
}

impl From<Limits> for LimitsTable {
    fn from(limits: Limits) -> LimitsTable {
        let Limits {
            memory,
            cpu,
            timeout,
            body,
            concurrency,
            queue,
            queue_timeout,
            handles,
            log,
            outbound_calls,
            outbound_bytes,
            reuse: _,
        } = limits;
        LimitsTable {
            memory,
            cpu,
            timeout,
            body,
            concurrency,
            queue,
            queue_timeout,
            handles,
            log,
            outbound_calls,
            outbound_bytes,
        }
    }
}

impl Default for LimitsTable {
    fn default() -> LimitsTable {
        Limits::default().into()
    }
}

pub(crate) fn serialize<S: Serializer>(limits: &Limits, serializer: S) -> Result<S::Ok, S::Error> {
    LimitsTable::from(*limits).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limits, D::Error> {
    let LimitsTable {
        memory,
        cpu,
        timeout,
        body,
        concurrency,
        queue,
        queue_timeout,
        handles,
        log,
        outbound_calls,
        outbound_bytes,
    } = LimitsTable::deserialize(deserializer)?;
    Ok(Limits {
        memory,
        cpu,
        timeout,
        body,
        concurrency,
        queue,
        queue_timeout,
        handles,
        log,
        outbound_calls,
        outbound_bytes,
        reuse: Limits::default().reuse,
    })
}
