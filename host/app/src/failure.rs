//! Why a host does not run.

use ottavo_core::{Error, Kind};

/// What ended [`serve`](crate::serve) early.
#[derive(Debug)]
pub enum ServeError {
    /// The settings, or what they name on this machine, cannot be used: what, where, and the next
    /// step.
    Configuration(String),
    /// What it needs cannot be reached now: a store that is `required`. Another try may go well.
    Unavailable(String),
    /// Anything else.
    Failed(Error),
}

impl From<Error> for ServeError {
    /// Before a host is up, only its own faults are not a matter of its configuration.
    fn from(error: Error) -> ServeError {
        match error.kind() {
            Kind::Internal | Kind::DataLoss => ServeError::Failed(error),
            Kind::Unavailable | Kind::Timeout => ServeError::Unavailable(error.to_string()),
            _ => ServeError::Configuration(error.to_string()),
        }
    }
}
