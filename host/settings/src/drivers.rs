//! What this room must know of drivers and of other rooms, which it does not know.

use std::path::PathBuf;

use serde_json::Value;

use crate::TlsFiles;

/// The drivers of a host.
pub trait Drivers {
    /// The names of a block's drivers, sorted.
    fn names(&self, block: &str) -> Vec<String>;

    /// The schema of a driver's own options.
    fn schema(&self, block: &str, driver: &str) -> Value;

    /// Checks options that fit the schema as far as can be done without the backend.
    ///
    /// # Errors
    /// What is wrong, with nothing secret in it.
    fn check(&self, block: &str, driver: &str, options: &Value) -> Result<(), String>;

    /// Checks one grant of a block, as `[needs]` of a manifest would have it.
    ///
    /// # Errors
    /// Which form is expected.
    fn grant(&self, block: &'static str, text: &str) -> Result<(), String>;

    /// Checks files of tokens, each with the name that it belongs to.
    fn tokens(&self, files: &[(String, PathBuf)]) -> Vec<Finding>;

    /// Checks the certificates of a listener.
    ///
    /// # Errors
    /// What is wrong with them, to be put behind the path of the setting.
    fn tls(&self, files: &TlsFiles) -> Result<(), String>;
}

/// What was found in a file that belongs to a name.
pub struct Finding {
    /// The name.
    pub name: String,
    /// What is wrong, to be put behind the path of the setting.
    pub message: String,
    /// Whether it cannot be used; else it should be better.
    pub fatal: bool,
}
