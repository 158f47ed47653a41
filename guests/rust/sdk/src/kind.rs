//! The kinds of error, the same list as in the WIT package.

use std::fmt;

use crate::bindings::ottavo::runtime::types::ErrorKind;

/// Declares the kinds once, in the order of the WIT enum.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $retryable:literal;)*) => {
        /// What went wrong, as a caller can act on it. Each kind has one HTTP status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order of the WIT enum.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The name in WIT and in JSON answers: `invalid-argument`.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            /// Whether repeating the call later may succeed, unless an error says otherwise.
            pub fn retryable(self) -> bool {
                match self { $(Kind::$kind => $retryable,)* }
            }
        }

        impl From<ErrorKind> for Kind {
            fn from(kind: ErrorKind) -> Kind {
                match kind { $(ErrorKind::$kind => Kind::$kind,)* }
            }
        }

        impl From<Kind> for ErrorKind {
            fn from(kind: Kind) -> ErrorKind {
                match kind { $(Kind::$kind => ErrorKind::$kind,)* }
            }
        }
    };
}

kinds! {
    /// The caller's input is wrong; repeating it cannot help.
    InvalidArgument = "invalid-argument", false;
    /// The caller did not say who they are.
    Unauthenticated = "unauthenticated", false;
    /// The function holds no grant for this.
    Denied = "denied", false;
    /// The store, function or name does not exist. A missing value is not an error.
    NotFound = "not-found", false;
    /// It exists and should not.
    AlreadyExists = "already-exists", false;
    /// A stale etag, or a concurrent write.
    Conflict = "conflict", false;
    /// Not in this state or configuration.
    FailedPrecondition = "failed-precondition", false;
    /// A body, value or message over its limit.
    TooLarge = "too-large", false;
    /// A limit or quota is used up; later may help.
    Exhausted = "exhausted", true;
    /// This store's driver cannot do this.
    Unsupported = "unsupported", false;
    /// The deadline passed; whether it took effect is unknown.
    Timeout = "timeout", false;
    /// The caller went away.
    Cancelled = "cancelled", false;
    /// The backend is down.
    Unavailable = "unavailable", true;
    /// Stored data cannot be read back.
    DataLoss = "data-loss", false;
    /// A fault of the function or of the host.
    Internal = "internal", false;
    /// From a newer host: treat as `Internal`.
    Other = "other", false;
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_keeps_its_place_in_the_wit_enum() {
        for (place, kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(ErrorKind::from(*kind) as usize, place);
            assert_eq!(Kind::from(ErrorKind::from(*kind)), *kind);
        }
    }
}
