//! `[audit]`: who did what.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format::PATH;

/// Deploys and their like, refused tokens and denied grants. They are in the host's log with the
/// target `audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// A file that they are appended to as well: one object of JSON a line, before the answer goes
    /// out.
    #[schemars(extend("format" = PATH, "examples" = ["/var/log/ottavo/audit"]))]
    pub file: Option<PathBuf>,
}
