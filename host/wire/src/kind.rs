//! The kinds of error, one to one.

use ottavo_core::Kind;

use crate::v1::ErrorKind;

impl From<Kind> for ErrorKind {
    fn from(kind: Kind) -> ErrorKind {
        match kind {
            Kind::InvalidArgument => ErrorKind::InvalidArgument,
            Kind::Unauthenticated => ErrorKind::Unauthenticated,
            Kind::Denied => ErrorKind::Denied,
            Kind::NotFound => ErrorKind::NotFound,
            Kind::AlreadyExists => ErrorKind::AlreadyExists,
            Kind::Conflict => ErrorKind::Conflict,
            Kind::FailedPrecondition => ErrorKind::FailedPrecondition,
            Kind::TooLarge => ErrorKind::TooLarge,
            Kind::Exhausted => ErrorKind::Exhausted,
            Kind::Unsupported => ErrorKind::Unsupported,
            Kind::Timeout => ErrorKind::Timeout,
            Kind::Cancelled => ErrorKind::Cancelled,
            Kind::Unavailable => ErrorKind::Unavailable,
            Kind::DataLoss => ErrorKind::DataLoss,
            Kind::Internal => ErrorKind::Internal,
            Kind::Other => ErrorKind::Other,
        }
    }
}

/// What a peer does not say, or says in a word of its own future, is [`Kind::Other`].
impl From<ErrorKind> for Kind {
    fn from(kind: ErrorKind) -> Kind {
        match kind {
            ErrorKind::InvalidArgument => Kind::InvalidArgument,
            ErrorKind::Unauthenticated => Kind::Unauthenticated,
            ErrorKind::Denied => Kind::Denied,
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::AlreadyExists => Kind::AlreadyExists,
            ErrorKind::Conflict => Kind::Conflict,
            ErrorKind::FailedPrecondition => Kind::FailedPrecondition,
            ErrorKind::TooLarge => Kind::TooLarge,
            ErrorKind::Exhausted => Kind::Exhausted,
            ErrorKind::Unsupported => Kind::Unsupported,
            ErrorKind::Timeout => Kind::Timeout,
            ErrorKind::Cancelled => Kind::Cancelled,
            ErrorKind::Unavailable => Kind::Unavailable,
            ErrorKind::DataLoss => Kind::DataLoss,
            ErrorKind::Internal => Kind::Internal,
            ErrorKind::Unspecified | ErrorKind::Other => Kind::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_returns_as_itself_under_its_own_name() {
        for kind in Kind::all() {
            let sent = ErrorKind::from(kind);
            assert_eq!(Kind::from(sent), kind);
            let name = kind.name().to_uppercase().replace('-', "_");
            assert_eq!(sent.as_str_name(), format!("ERROR_KIND_{name}"));
        }
    }
}
