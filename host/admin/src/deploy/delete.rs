//! A function taken away.

use ottavo_control::DeleteReply;
use ottavo_core::Result;
use ottavo_functions::{Deleted, Functions};

/// Deletes the function of this name.
///
/// # Errors
/// `not-found`; `unavailable` when the catalogue cannot be written.
pub(super) async fn function(functions: &Functions, name: &str) -> Result<DeleteReply> {
    let Deleted { name, version, removed } = functions.delete(name).await?;
    Ok(DeleteReply { name, version, removed })
}
