//! The kept versions of a function, and which of them answer.

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Digest, FunctionName};
use serde::{Deserialize, Serialize};

/// A change of which versions answer. Saying what is so already changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TrafficRequest {
    /// Makes a kept version the active one, with all requests.
    Activate {
        /// Which.
        version: u64,
    },
    /// Ends a split; without one, goes back to the version that was active before.
    Rollback {
        /// Only when this version answers: who says it twice goes back once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
    },
    /// Gives shares of the requests to kept versions.
    Split {
        /// One for each version; the active one has the rest. Zero takes a share back.
        shares: Vec<Share>,
        /// The header whose value decides which version a request gets, where a request has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sticky: Option<String>,
    },
    /// Makes the version that has a share the active one, with all requests.
    Promote {
        /// Which, where several have one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
    },
}

/// What a version gets of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Which version.
    pub version: u64,
    /// So many in a hundred.
    pub percent: u32,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrafficReply {
    /// False when it was so already.
    pub changed: bool,
    /// What the active version may reach and the one before could not.
    #[serde(default)]
    pub added: Vec<String>,
    /// What there is now.
    #[serde(flatten)]
    pub versions: VersionList,
}

/// The kept versions of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionList {
    /// The function's name.
    pub name: FunctionName,
    /// Has the routes, the events, and the requests that no share takes.
    pub active: u64,
    /// The version that `rollback` makes active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<u64>,
    /// The header whose value decides which version a request gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticky: Option<String>,
    /// All that are kept, the newest first.
    pub versions: Vec<VersionInfo>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// Its number.
    pub version: u64,
    /// The artifact.
    pub digest: Digest,
    /// Its size in bytes, as uploaded.
    pub size: u64,
    /// When it was deployed, in milliseconds since the Unix epoch.
    pub deployed_at: UnixMillis,
    /// The id of the key that signed the artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// The percentage of requests that it gets; zero when it is only kept.
    pub share: u32,
}
