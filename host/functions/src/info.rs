//! What is known of a deployed function.

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
}

/// What a deploy did.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The version that answers from now on.
    pub info: Info,
    /// False when exactly this was deployed already.
    pub changed: bool,
    /// What it may reach, in words.
    pub granted: String,
    /// What of that the version before could not; for the first version, all of it.
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
    /// The version that answered last.
    pub version: u64,
    /// The artifacts that nobody used any more.
    pub removed: Vec<Digest>,
}
