//! A new version that asks for more than the one before: nobody grants that by accident.

use ottavo_core::{Error, Kind, Result};
use ottavo_manifest::Manifest;

use crate::catalogue::Record;
use crate::version::asked;

/// The detail that holds what is new, one grant a line.
const DETAIL: &str = "widens";

/// What a manifest asks for that the version before does not have; all of it for a first version,
/// which widens nothing.
///
/// # Errors
/// `failed-precondition` when there is a version before, something is new, and it was not accepted.
pub(crate) fn added(
    manifest: &Manifest,
    before: Option<&Record>,
    accept: bool,
) -> Result<Vec<String>> {
    let asked_now = asked(manifest)?;
    let Some(before) = before else { return Ok(asked_now.texts()) };
    // a manifest that this host cannot read any more has granted nothing that could be relied on
    let added = asked_now.beyond(&asked(&before.manifest).unwrap_or_default()).texts();
    if accept || added.is_empty() {
        return Ok(added);
    }
    let message = format!(
        "this version of `{}` asks for more than version {} has: {}; deploy it with `accept` to \
         grant that",
        manifest.name,
        before.version,
        added.join(", ")
    );
    Err(Error::new(Kind::FailedPrecondition, message).with_detail(DETAIL, added.join("\n")))
}
