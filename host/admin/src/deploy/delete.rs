//! A function taken away, or one of its versions.

use ottavo_control::DeleteReply;
use ottavo_core::Result;
use ottavo_functions::{Deleted, Functions};

/// Deletes the function of this name.
///
/// # Errors
/// `not-found`; `unavailable` when the catalogue cannot be written.
pub(super) async fn function(functions: &Functions, name: &str) -> Result<DeleteReply> {
    Ok(reply(functions.delete(name).await?))
}

/// Deletes one version of it.
///
/// # Errors
/// `not-found`; `failed-precondition` for one that answers.
pub(super) async fn version(
    functions: &Functions,
    name: &str,
    version: u64,
) -> Result<DeleteReply> {
    Ok(reply(functions.delete_version(name, version).await?))
}

fn reply(Deleted { name, version, removed }: Deleted) -> DeleteReply {
    DeleteReply { name, version, removed }
}
