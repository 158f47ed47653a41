//! The one error of every runtime API and of a function's own answers.

use std::fmt;

use crate::Kind;
use crate::bindings::ottavo::runtime::types as wit;

/// What every fallible operation returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Returned from a function it becomes the HTTP status of its kind.
///
/// ```
/// use ottavo_sdk::{Error, Kind};
///
/// let error = Error::not_found("no book `dune`").with_detail("name", "dune");
/// assert_eq!(error.kind(), Kind::NotFound);
/// assert_eq!(error.detail("name"), Some("dune"));
///
/// fn parse(text: &str) -> ottavo_sdk::Result<u32> {
///     Ok(text.parse()?) // bad input is `invalid-argument`, hence 400
/// }
/// assert_eq!(parse("many").unwrap_err().kind(), Kind::InvalidArgument);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
    retryable: bool,
    details: Vec<(String, String)>,
}

/// One constructor per kind.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {
        /// A constructor for each kind; [`Kind`] says what they mean.
        impl Error {
            $($(#[$doc])* pub fn $name(message: impl Into<String>) -> Error {
                Error::new(Kind::$kind, message)
            })*
        }
    };
}

constructors! {
    /// The caller's input is wrong: 400.
    invalid_argument = InvalidArgument;
    /// The caller did not say who they are: 401.
    unauthenticated = Unauthenticated;
    /// The caller may not do this: 403.
    denied = Denied;
    /// What was asked for does not exist: 404.
    not_found = NotFound;
    /// It exists and should not: 409.
    already_exists = AlreadyExists;
    /// Somebody else wrote in between: 409.
    conflict = Conflict;
    /// Not in this state or configuration: 412.
    failed_precondition = FailedPrecondition;
    /// Over a size limit: 413.
    too_large = TooLarge;
    /// A limit or quota is used up: 429.
    exhausted = Exhausted;
    /// Cannot be done here: 501.
    unsupported = Unsupported;
    /// The deadline passed: 504.
    timeout = Timeout;
    /// The caller went away: 499.
    cancelled = Cancelled;
    /// Something needed is down: 503.
    unavailable = Unavailable;
    /// Stored data cannot be read: 500.
    data_loss = DataLoss;
    /// A fault of the function or the host: 500.
    internal = Internal;
}

impl Error {
    /// An error of this kind, retryable as the kind is.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), retryable: kind.retryable(), details: Vec::new() }
    }

    /// Adds a pair for programs.
    #[must_use]
    pub fn with_detail(mut self, name: impl Into<String>, value: impl Into<String>) -> Error {
        self.details.push((name.into(), value.into()));
        self
    }

    /// Overrides whether repeating the call makes sense.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Error {
        self.retryable = retryable;
        self
    }

    /// Puts what was attempted in front of the message.
    #[must_use]
    pub fn context(mut self, attempted: impl fmt::Display) -> Error {
        self.message = format!("{attempted}: {}", self.message);
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// For people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether repeating the same call later may succeed and does no harm.
    pub fn retryable(&self) -> bool {
        self.retryable
    }

    /// For programs: `etag`, `index`, `limit`, `retry-after-ms`, ...
    pub fn details(&self) -> &[(String, String)] {
        &self.details
    }

    /// One detail.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for Error {}

impl From<wit::Error> for Error {
    fn from(error: wit::Error) -> Error {
        let wit::Error { kind, message, retryable, details } = error;
        Error { kind: kind.into(), message, retryable, details }
    }
}

impl From<Error> for wit::Error {
    fn from(error: Error) -> wit::Error {
        let Error { kind, message, retryable, details } = error;
        wit::Error { kind: kind.into(), message, retryable, details }
    }
}

/// A stream carries the error of the host as it is.
impl From<Error> for std::io::Error {
    fn from(error: Error) -> std::io::Error {
        std::io::Error::other(error)
    }
}

/// An error of the host comes back as it was; what else a stream says is `internal`.
impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(other) => Error::internal(other.to_string()),
        }
    }
}

/// What fails on bad input is `invalid-argument`, with the failure's own words.
macro_rules! input_errors {
    ($($error:ty),*) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::invalid_argument(error.to_string())
            }
        })*
    };
}

input_errors!(
    std::str::Utf8Error,
    std::string::FromUtf8Error,
    std::num::ParseIntError,
    std::num::ParseFloatError,
    std::str::ParseBoolError
);
#[cfg(feature = "json")]
input_errors!(serde_json::Error);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_crosses_to_the_host_and_back_in_full() {
        let error = Error::exhausted("too many").with_detail("limit", "5").with_retryable(false);
        assert_eq!(Error::from(wit::Error::from(error.clone())), error);
    }

    #[test]
    fn only_what_may_pass_by_waiting_is_retryable_by_itself() {
        let retryable: Vec<_> = Kind::ALL.iter().filter(|kind| kind.retryable()).collect();
        assert_eq!(retryable, [&Kind::Exhausted, &Kind::Unavailable]);
    }

    #[test]
    fn an_error_passes_through_a_stream_as_it_is() {
        let error = Error::conflict("no").with_detail("a", "b");
        assert_eq!(Error::from(std::io::Error::from(error.clone())), error);
        let other = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        assert_eq!(Error::from(other).kind(), Kind::Internal);
    }

    #[test]
    fn context_stands_before_the_message() {
        let error = Error::internal("boom").context("counting `a`");
        assert_eq!(error.to_string(), "counting `a`: boom");
    }
}
