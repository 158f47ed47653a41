//! What this room must know of drivers, which it does not know.

use serde_json::Value;

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
}
