//! `[limits]`: what one call may use.

use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Limits, Reuse};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Each is the host's default when it is not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsTable {
    /// All memories and tables of an instance together. Default `128MiB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-least" = "1B"))]
    pub memory: Option<ByteCount>,
    /// Time spent running the function's own code. Default `1s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-not-zero" = true))]
    pub cpu: Option<Span>,
    /// Wall-clock time of the whole call. Default `10s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-not-zero" = true))]
    pub timeout: Option<Span>,
    /// The body of a request, and of a response. Default `4MiB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<ByteCount>,
    /// Whether instances are kept for further calls. Default: a fresh one for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse: Option<ReuseTable>,
    /// Calls at once; one more waits. Default `200`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub concurrency: Option<u32>,
    /// Calls that wait for one of those to end; one more is answered 503. Default `200`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<u32>,
    /// How long one waits before it is answered 503; not counted in `timeout`. Default `1s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_timeout: Option<Span>,
    /// Handles that a call holds: files, streams and their like. Default `10000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub handles: Option<u32>,
    /// What one call writes to its log; the rest is cut. Default `1MiB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<ByteCount>,
    /// Requests of one call to the outside, to functions, to apps and to bindings. Default `1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_calls: Option<u32>,
    /// The bodies of these requests and of their answers, together. Default `64MiB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_bytes: Option<ByteCount>,
}

/// `reuse`: for how long an instance is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReuseTable {
    /// How many calls an instance takes, one after the other.
    #[schemars(range(min = 1))]
    pub calls: u32,
    /// How long it waits for the next one. Default `1s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<Span>,
}

impl ReuseTable {
    fn over(self, defaults: Reuse) -> Reuse {
        Reuse { calls: self.calls, idle: self.idle.unwrap_or(defaults.idle) }
    }
}

impl LimitsTable {
    /// The limits in force, given the host's defaults.
    pub fn over(&self, defaults: Limits) -> Limits {
        Limits {
            memory: self.memory.unwrap_or(defaults.memory),
            cpu: self.cpu.unwrap_or(defaults.cpu),
            timeout: self.timeout.unwrap_or(defaults.timeout),
            body: self.body.unwrap_or(defaults.body),
            reuse: self.reuse.map_or(defaults.reuse, |reuse| reuse.over(defaults.reuse)),
            concurrency: self.concurrency.unwrap_or(defaults.concurrency),
            queue: self.queue.unwrap_or(defaults.queue),
            queue_timeout: self.queue_timeout.unwrap_or(defaults.queue_timeout),
            handles: self.handles.unwrap_or(defaults.handles),
            log: self.log.unwrap_or(defaults.log),
            outbound_calls: self.outbound_calls.unwrap_or(defaults.outbound_calls),
            outbound_bytes: self.outbound_bytes.unwrap_or(defaults.outbound_bytes),
        }
    }

    /// The paths of limits that are zero, which nothing could run under.
    pub(crate) fn zeros(&self) -> Vec<&'static str> {
        let zero_size = |size: Option<ByteCount>| size.is_some_and(|size| size.0 == 0);
        let zero_span = |span: Option<Span>| span.is_some_and(|span| span.0.is_zero());
        let all = [
            ("limits.memory", zero_size(self.memory)),
            ("limits.cpu", zero_span(self.cpu)),
            ("limits.timeout", zero_span(self.timeout)),
            ("limits.reuse.calls", self.reuse.is_some_and(|reuse| reuse.calls == 0)),
        ];
        all.into_iter().filter(|(_, zero)| *zero).map(|(path, _)| path).collect()
    }
}
