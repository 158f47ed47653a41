//! Errors across the door.

use ottavo_core::{Error, Kind};

use crate::bindings::ottavo::runtime::types::{Error as WitError, ErrorKind};

macro_rules! kinds {
    ($($kind:ident),*) => {
        fn kind_to_wit(kind: Kind) -> ErrorKind {
            match kind { $(Kind::$kind => ErrorKind::$kind),* }
        }

        fn kind_to_core(kind: ErrorKind) -> Kind {
            match kind { $(ErrorKind::$kind => Kind::$kind),* }
        }
    };
}

kinds! {
    InvalidArgument, Unauthenticated, Denied, NotFound, AlreadyExists, Conflict,
    FailedPrecondition, TooLarge, Exhausted, Unsupported, Timeout, Cancelled, Unavailable,
    DataLoss, Internal, Other
}

/// An error for a guest: its source stays here.
pub(crate) fn to_wit(error: Error) -> WitError {
    WitError {
        kind: kind_to_wit(error.kind()),
        message: error.message().to_owned(),
        retryable: error.retryable(),
        details: error.details().to_vec(),
    }
}

/// An error that a guest returned.
pub fn to_core(error: WitError) -> Error {
    let WitError { kind, message, retryable, details } = error;
    let error = Error::new(kind_to_core(kind), message).with_retryable(retryable);
    details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value))
}
