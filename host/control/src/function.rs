//! Functions: deployed and listed.

use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Digest, FunctionName, Limits};
use ottavo_manifest::{Binding, HttpTrigger, Manifest, Schedule, Subscribe, Watch};
use serde::{Deserialize, Serialize};

use crate::Share;

/// An artifact is on the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactReply {
    /// The digest of the bytes as uploaded.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
}

/// Makes an uploaded artifact the current version of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployRequest {
    /// The function's manifest.
    pub manifest: Manifest,
    /// The uploaded artifact.
    pub artifact: Digest,
    /// Whether it may be granted more than the version before. Without it, a version that asks for
    /// more is refused with `failed-precondition`, and its detail `widens` has what is new, one
    /// grant a line.
    #[serde(default)]
    pub accept: bool,
    /// Whether it becomes the active version. Without it, it is kept for `activate` and `split`.
    #[serde(default = "yes")]
    pub activate: bool,
    /// A path of its own that is asked with `GET` before anything is switched: what answers 400 or
    /// more, or fails, is not deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smoke: Option<String>,
    /// A detached signature of the artifact: the text of the file that `minisign -S` writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

fn yes() -> bool {
    true
}

/// The version that was deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployReply {
    /// The function as this version has it.
    pub function: FunctionInfo,
    /// False when exactly this was deployed already.
    pub changed: bool,
    /// Whether it is the active version; false when it is only kept.
    #[serde(default = "yes")]
    pub active: bool,
    /// What it may reach: `state default`, or `nothing`.
    pub granted: String,
    /// What of that the active version before could not reach; for the first version, all of it.
    #[serde(default)]
    pub added: Vec<String>,
}

/// One deployed function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionInfo {
    /// Its name.
    pub name: FunctionName,
    /// One line for people.
    #[serde(default)]
    pub description: String,
    /// 1 for the first deploy, one more for each that changed something.
    pub version: u64,
    /// The artifact.
    pub digest: Digest,
    /// Its size in bytes, as uploaded.
    pub size: u64,
    /// When this version was deployed, in milliseconds since the Unix epoch.
    pub deployed_at: u64,
    /// Where it is reached over HTTP.
    pub http: Vec<HttpTrigger>,
    /// The topics whose events it receives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribe: Vec<Subscribe>,
    /// The times at which it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<Schedule>,
    /// The configuration whose changes it receives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<Watch>,
    /// The bindings through which events come in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binding: Vec<Binding>,
    /// The limits in force.
    pub limits: LimitsInfo,
    /// The id of the key that signed the artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// What other versions get of the requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

/// All functions of a host, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionList {
    /// Sorted by name.
    pub functions: Vec<FunctionInfo>,
}

/// The limits in force, defaults included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsInfo {
    /// See [`Limits`].
    pub memory: ByteCount,
    /// See [`Limits`].
    pub cpu: Span,
    /// See [`Limits`].
    pub timeout: Span,
    /// See [`Limits`].
    pub body: ByteCount,
    /// See [`Limits`].
    pub reuse: ReuseInfo,
    /// See [`Limits`].
    pub concurrency: u32,
    /// See [`Limits`].
    pub queue: u32,
    /// See [`Limits`].
    pub queue_timeout: Span,
    /// See [`Limits`].
    pub handles: u32,
    /// See [`Limits`].
    pub log: ByteCount,
    /// See [`Limits`].
    pub outbound_calls: u32,
    /// See [`Limits`].
    pub outbound_bytes: ByteCount,
}

/// For how long an instance is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReuseInfo {
    /// How many calls it takes; 1 is a fresh instance for each.
    pub calls: u32,
    /// How long it waits for the next one.
    pub idle: Span,
}

impl From<Limits> for LimitsInfo {
    fn from(limits: Limits) -> LimitsInfo {
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
            reuse,
        } = limits;
        let reuse = ReuseInfo { calls: reuse.calls, idle: reuse.idle };
        LimitsInfo {
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
            reuse,
        }
    }
}
