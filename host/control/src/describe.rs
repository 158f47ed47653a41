//! One function in full.

use ottavo_core::{Digest, FunctionName, Surface};
use ottavo_manifest::Manifest;
use serde::{Deserialize, Serialize};

use crate::FunctionInfo;

/// All that is known of a deployed function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionDescription {
    /// As in the list.
    #[serde(flatten)]
    pub function: FunctionInfo,
    /// The component that was made of the artifact; the same, when a component was uploaded.
    pub component: Digest,
    /// What it may reach: `state default`, or `nothing`.
    pub granted: String,
    /// Why it cannot be called, after a start with another configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What it imports and exports.
    #[serde(flatten)]
    pub surface: Surface,
    /// As it was deployed.
    pub manifest: Manifest,
}

/// A function is gone, or one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteReply {
    /// Its name.
    pub name: FunctionName,
    /// The version that was active last, or the one that is gone.
    pub version: u64,
    /// Artifacts that no other function uses, removed from disk.
    pub removed: Vec<Digest>,
}
