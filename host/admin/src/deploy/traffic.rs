//! The kept versions of a function, and which of them answer.

use std::collections::BTreeMap;

use ottavo_control::{Share, TrafficReply, TrafficRequest, VersionInfo, VersionList};
use ottavo_core::{Error, Result};
use ottavo_functions::{Change, Changed, Functions, KeptVersion, Versions};
use ottavo_telemetry::Action;

/// The kept versions of a function.
///
/// # Errors
/// `not-found`.
pub(super) async fn versions(functions: &Functions, name: &str) -> Result<VersionList> {
    Ok(list(functions.versions(name).await?))
}

/// A change as the audit log tells it.
pub(super) fn words(name: &str, request: &TrafficRequest) -> (Action, String) {
    match request {
        TrafficRequest::Activate { version } => (Action::Activate, format!("{name} v{version}")),
        TrafficRequest::Rollback { .. } => (Action::Rollback, name.to_owned()),
        TrafficRequest::Split { shares, .. } => {
            let share = |Share { version, percent }: &Share| format!(" v{version}={percent}");
            (Action::Split, format!("{name}{}", shares.iter().map(share).collect::<String>()))
        }
        TrafficRequest::Promote { version: Some(version) } => {
            (Action::Promote, format!("{name} v{version}"))
        }
        TrafficRequest::Promote { version: None } => (Action::Promote, name.to_owned()),
    }
}

/// Changes which of them answer.
///
/// # Errors
/// See [`Functions::change`].
pub(super) async fn change(
    functions: &Functions,
    name: &str,
    request: TrafficRequest,
) -> Result<TrafficReply> {
    let change = match request {
        TrafficRequest::Activate { version } => Change::Activate { version },
        TrafficRequest::Rollback { from } => Change::Rollback { from },
        TrafficRequest::Split { shares, sticky } => {
            let mut by_version = BTreeMap::new();
            for Share { version, percent } in shares {
                if by_version.insert(version, percent).is_some() {
                    let error = format!("version {version} has two shares: give it one");
                    return Err(Error::invalid(error));
                }
            }
            Change::Split { shares: by_version, sticky }
        }
        TrafficRequest::Promote { version } => Change::Promote { version },
    };
    let Changed { changed, added, versions } = functions.change(name, change).await?;
    Ok(TrafficReply { changed, added, versions: list(versions) })
}

/// The number in a path.
///
/// # Errors
/// `invalid-argument`.
pub(super) fn number(version: &str) -> Result<u64> {
    version.parse().map_err(|_| {
        let version = version.escape_debug();
        Error::invalid(format!("`{version}` is not the number of a version"))
    })
}

fn list(versions: Versions) -> VersionList {
    let Versions { name, active, previous, sticky, versions } = versions;
    let info = |kept: KeptVersion| {
        let KeptVersion { version, digest, size, deployed_at, signed_by, share } = kept;
        VersionInfo { version, digest, size, deployed_at, signed_by, share }
    };
    VersionList {
        name,
        active,
        previous,
        sticky,
        versions: versions.into_iter().map(info).collect(),
    }
}
