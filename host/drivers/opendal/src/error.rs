//! What a service, opendal and the network say, as the errors of the contract.

use std::error::Error as StdError;
use std::io;

use opendal::ErrorKind;
use ottavo_blocks::file::FileName;
use ottavo_core::{CallContext, Error, Kind, Result};

/// Waits for a store, up to the deadline of the call.
///
/// # Errors
/// `timeout` at the deadline.
pub(crate) async fn in_time<T>(
    cx: &CallContext,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    match tokio::time::timeout_at(cx.deadline, call).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::new(
            Kind::Timeout,
            "the store gave no answer before the deadline of the call",
        )),
    }
}

/// The error of a call.
pub(crate) fn of(error: opendal::Error) -> Error {
    if let Some(ours) = cause::<Error>(&error) {
        let copy = Error::new(ours.kind(), ours.message()).with_retryable(ours.retryable());
        return match ours.source_text() {
            Some(source) => copy.with_source(source),
            None => copy,
        };
    }
    if let Some(disk) = cause::<io::Error>(&error).map(io::Error::kind) {
        return of_disk(disk).with_source(error);
    }
    let mapped = match error.kind() {
        ErrorKind::NotFound => Error::not_found("the store does not have the file"),
        ErrorKind::ConfigInvalid => {
            Error::new(Kind::FailedPrecondition, "the bucket of the store does not exist")
        }
        ErrorKind::PermissionDenied => Error::new(
            Kind::FailedPrecondition,
            "the service refuses the access key of the store, or what it may do: it needs the \
             permissions that the driver's page lists",
        ),
        ErrorKind::RateLimited => {
            Error::new(Kind::Exhausted, "the service asks for fewer requests").with_retryable(true)
        }
        ErrorKind::ConditionNotMatch | ErrorKind::Conflict => {
            Error::new(Kind::Conflict, "the file was written by another at the same time")
        }
        ErrorKind::IsADirectory | ErrorKind::NotADirectory => folder(),
        _ if FOLDERS.iter().any(|code| error.message().contains(code)) => folder(),
        _ if ELSEWHERE.iter().any(|code| error.message().contains(code)) => Error::new(
            Kind::FailedPrecondition,
            "the bucket is in another region: set `region` and `endpoint` of the store",
        ),
        _ if error.message().contains("EntityTooLarge") => {
            Error::new(Kind::TooLarge, "the file is larger than the service takes")
        }
        _ if error.is_temporary() => {
            Error::new(Kind::Unavailable, "the service of the store is not available")
        }
        _ => Error::internal("the service refused the call: see the host's log"),
    };
    mapped.with_source(error)
}

/// What services that keep objects as files say of a name that is a folder's, or lies below a file's.
const FOLDERS: [&str; 4] = [
    "ExistingObjectIsDirectory",
    "ObjectParentIsFile",
    "XMinioObjectExistsAsDirectory",
    "XMinioParentIsObject",
];

/// What services say of a bucket that is not theirs.
const ELSEWHERE: [&str; 3] =
    ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"];

fn folder() -> Error {
    let message = "the name of the file is a folder's, or lies below another file: this store takes no such names";
    Error::new(Kind::FailedPrecondition, message)
}

/// The same of one file.
pub(crate) fn of_folder(name: &FileName) -> Error {
    let name = name.as_str().escape_debug();
    Error::new(
        Kind::FailedPrecondition,
        format!("`{name}` is the name of a folder, lies below a file, or leads over a link"),
    )
}

/// Why a call failed on the disk.
pub(crate) fn of_disk(kind: io::ErrorKind) -> Error {
    use io::ErrorKind;
    match kind {
        ErrorKind::NotFound => Error::not_found("the store does not have the file"),
        ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::AlreadyExists
        | ErrorKind::DirectoryNotEmpty => folder(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Error::new(Kind::Unavailable, "the disk of the store is full")
        }
        ErrorKind::InvalidFilename => {
            Error::invalid("the name of the file is too long for the disk")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Error::new(Kind::Unavailable, "the host may not do this in the folder of the store")
        }
        _ => Error::new(Kind::Unavailable, "the disk of the store failed: see the host's log"),
    }
}

/// What was opened is no longer there.
pub(crate) fn changed() -> Error {
    Error::new(Kind::Conflict, "the file was written or deleted while it was read: open it again")
}

fn cause<'e, T: StdError + 'static>(error: &'e opendal::Error) -> Option<&'e T> {
    let next = |cause: &&'e (dyn StdError + 'static)| StdError::source(*cause);
    std::iter::successors(error.source(), next).find_map(|cause| cause.downcast_ref())
}
