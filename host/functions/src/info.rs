//! What is known of a deployed function.

use std::collections::BTreeMap;

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Digest, FunctionName, Limits, Surface};
use ottavo_manifest::{Binding, HttpTrigger, Manifest, Schedule, Subscribe, Watch};

/// One version of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The function's name.
    pub name: FunctionName,
    /// One line for people.
    pub description: String,
    /// 1 for the first deploy, one more for each that changed something.
    pub version: u64,
    /// The artifact, as uploaded.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// When this version was deployed.
    pub deployed_at: UnixMillis,
    /// Where it is reached over HTTP.
    pub http: Vec<HttpTrigger>,
    /// The topics whose events it receives.
    pub subscribe: Vec<Subscribe>,
    /// The times at which it is called.
    pub schedule: Vec<Schedule>,
    /// The configuration whose changes it receives.
    pub watch: Vec<Watch>,
    /// The bindings through which events come in.
    pub binding: Vec<Binding>,
    /// The limits in force.
    pub limits: Limits,
    /// The id of the key that signed the artifact.
    pub signed_by: Option<String>,
    /// The percentages of requests that other versions get, by version.
    pub shares: BTreeMap<u64, u32>,
}

/// What is to become a version of a function.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The function's manifest.
    pub manifest: Manifest,
    /// The artifact, as uploaded.
    pub artifact: Digest,
    /// Whether it may reach more than the active version.
    pub accept: bool,
    /// Whether it becomes the active version, or is only kept.
    pub activate: bool,
    /// A path of its own that is asked before anything is switched.
    pub smoke: Option<String>,
    /// The text of a detached signature of the artifact.
    pub signature: Option<String>,
}

/// What a deploy did.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The version.
    pub info: Info,
    /// False when exactly this was deployed already.
    pub changed: bool,
    /// Whether it is the active version.
    pub active: bool,
    /// What it may reach, in words.
    pub granted: String,
    /// What of that the active version before could not; for the first version, all of it.
    pub added: Vec<String>,
}

/// A function in full.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its current version.
    pub info: Info,
    /// The component that was made of the artifact.
    pub component: Digest,
    /// What it may reach, in words.
    pub granted: String,
    /// Why it cannot be called, after a start with another configuration.
    pub problem: Option<String>,
    /// What it imports and exports.
    pub surface: Surface,
    /// As it was deployed.
    pub manifest: Manifest,
}

/// What a delete did.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// Which function is gone.
    pub name: FunctionName,
    /// The version that was active last, or the one that was taken away.
    pub version: u64,
    /// The artifacts that nobody used any more.
    pub removed: Vec<Digest>,
}

/// The kept versions of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// The function's name.
    pub name: FunctionName,
    /// Has the routes, the events, and the requests that no share takes.
    pub active: u64,
    /// The version that `rollback` makes active.
    pub previous: Option<u64>,
    /// The header whose value decides which version a request gets.
    pub sticky: Option<String>,
    /// All that are kept, the newest first.
    pub versions: Vec<KeptVersion>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptVersion {
    /// Its number.
    pub version: u64,
    /// The artifact, as uploaded.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// When it was deployed.
    pub deployed_at: UnixMillis,
    /// The id of the key that signed the artifact.
    pub signed_by: Option<String>,
    /// The percentage of requests that it gets; zero when it is only kept.
    pub share: u32,
}

/// A change of which versions answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes a kept version the active one, with all requests.
    Activate {
        /// Which.
        version: u64,
    },
    /// Ends a split; without one, goes back to the version that was active before.
    Rollback {
        /// Only when this version answers: whoever says it twice goes back once.
        from: Option<u64>,
    },
    /// Gives shares of the requests to kept versions.
    Split {
        /// In percent, by version; the active one has the rest.
        shares: BTreeMap<u64, u32>,
        /// The header whose value decides, where a request has it.
        sticky: Option<String>,
    },
    /// Makes the version that has a share the active one, with all requests.
    Promote {
        /// Which, where several have one.
        version: Option<u64>,
    },
}

/// What such a change did.
#[derive(Clone, Debug)]
pub struct Changed {
    /// False when it was so already.
    pub changed: bool,
    /// What the active version may reach and the one before could not.
    pub added: Vec<String>,
    /// What there is now.
    pub versions: Versions,
}
