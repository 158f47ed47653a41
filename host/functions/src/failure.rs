//! A request that a function did not answer.

use ottavo_core::{Error, FunctionName, Kind};

/// Why there is no answer of the function's own.
#[derive(Debug)]
pub struct Failure {
    /// Which function, once it was found.
    pub function: Option<FunctionName>,
    /// Which of its versions.
    pub version: Option<u64>,
    /// The status to answer with: mostly that of the error's kind.
    pub status: http::StatusCode,
    /// What went wrong, for anyone who may call. A detail `retry-after-ms` becomes `Retry-After`.
    pub error: Error,
    /// More, for those who may see the function's insides: a panic's text and place.
    pub insides: Option<String>,
    /// Whether nothing of the function has run: the host had no room, or cannot call it.
    pub refused: bool,
}

impl Failure {
    /// The failure of a request that reached no function.
    pub fn of_host(error: Error) -> Failure {
        let status = status_of(error.kind());
        Failure { function: None, version: None, status, error, insides: None, refused: false }
    }

    /// As `error` in `function`, with the status of its kind.
    pub fn of_function(function: &FunctionName, version: u64, error: Error) -> Failure {
        let mut failure = Failure::of_host(error);
        failure.function = Some(function.clone());
        failure.version = Some(version);
        failure
    }
}

/// The status of a kind (the table in `ottavo_core::kind`).
pub(crate) fn status_of(kind: Kind) -> http::StatusCode {
    let status = kind.http_status();
    http::StatusCode::from_u16(status).expect("the table holds statuses from 400 to 504")
}
