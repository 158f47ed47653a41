//! The table of a `file` store.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Where the secrets are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileOptions {
    /// A file that ends in `.toml` or `.json`, or a folder with a file for each secret. Relative to
    /// the folder that the host was started in.
    #[schemars(extend("minLength" = 1, "examples" = ["/etc/shop/secrets.toml"]))]
    pub(crate) path: PathBuf,
}
