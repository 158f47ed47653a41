//! The one error of every runtime API and of the host's own parts.

use std::fmt;

use crate::Kind;

/// What every fallible operation of the host returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// An error as a caller sees it, and privately what caused it.
///
/// `message`, `retryable` and `details` are public: they cross the doors. `source` never does; it is
/// for the log. Messages are lower-case, without a full stop, say what was attempted with the value
/// in backticks, and end with the next step when there is one.
pub struct Error {
    kind: Kind,
    message: String,
    retryable: bool,
    details: Vec<(String, String)>,
    source: Option<Source>,
}

impl Error {
    /// An error of this kind, retryable as the kind is.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            retryable: kind.retryable(),
            details: Vec::new(),
            source: None,
        }
    }

    /// The caller's input is wrong.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::new(Kind::InvalidArgument, message)
    }

    /// A named thing does not exist.
    pub fn not_found(message: impl Into<String>) -> Error {
        Error::new(Kind::NotFound, message)
    }

    /// A fault of the host.
    pub fn internal(message: impl Into<String>) -> Error {
        Error::new(Kind::Internal, message)
    }

    /// Adds what caused it, for the log only.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Error {
        self.source = Some(source.into());
        self
    }

    /// Adds a public pair for programs: `etag`, `index`, `limit`, `retry-after-ms`, ...
    #[must_use]
    pub fn with_detail(mut self, name: impl Into<String>, value: impl Into<String>) -> Error {
        self.details.push((name.into(), value.into()));
        self
    }

    /// Overrides whether a retry makes sense.
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

    /// Rewrites the message, for a layer that says things in other words than the one below.
    #[must_use]
    pub fn map_message(mut self, rewrite: impl FnOnce(String) -> String) -> Error {
        self.message = rewrite(self.message);
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

    /// For programs.
    pub fn details(&self) -> &[(String, String)] {
        &self.details
    }

    /// One public pair.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The causes, outermost first, joined for a log line.
    pub fn source_text(&self) -> Option<String> {
        let mut cause = self.source.as_deref().map(|s| s as &dyn std::error::Error)?;
        let mut text = cause.to_string();
        while let Some(next) = cause.source() {
            text = format!("{text}: {next}");
            cause = next;
        }
        Some(text)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)?;
        match self.source_text() {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|s| s as &(dyn std::error::Error + 'static))
    }
}
