//! `[build]`: how the function's folder becomes a `.wasm`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The recipe, or what replaces it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// The guest language, by a name that one of `guests/*/guest.toml` has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The compiler, where the recipe has several. Default: one that is installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compiler: Option<String>,
    /// The compiler's target, where the recipe offers several. Default: the recipe's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether the build keeps what backtraces need to tell files and lines.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub debug: bool,
    /// Runs instead of the recipe: the program and its arguments, in the function's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// The file that `command` writes, relative to the function's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The extensions of the files that `ottavo dev` watches. Default: those of the recipe; every
    /// file for a `command`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watch: Option<Vec<String>>,
}
