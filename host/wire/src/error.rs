//! The error of one item of a batch.

use ottavo_core::Kind;

use crate::v1::{Error, ErrorKind, Pair};

impl From<ottavo_core::Error> for Error {
    fn from(error: ottavo_core::Error) -> Error {
        let pair =
            |(name, value): &(String, String)| Pair { name: name.clone(), value: value.clone() };
        Error {
            kind: ErrorKind::from(error.kind()).into(),
            message: error.message().to_owned(),
            retryable: error.retryable(),
            details: error.details().iter().map(pair).collect(),
        }
    }
}

impl From<Error> for ottavo_core::Error {
    fn from(sent: Error) -> ottavo_core::Error {
        // a number that is not in the enumeration comes from a newer peer: `other`
        let kind = Kind::from(sent.kind());
        let error = ottavo_core::Error::new(kind, sent.message).with_retryable(sent.retryable);
        let add = |error: ottavo_core::Error, Pair { name, value }| error.with_detail(name, value);
        sent.details.into_iter().fold(error, add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_public_survives_and_the_source_does_not() {
        let error = ottavo_core::Error::new(Kind::Unavailable, "no answer from `a`")
            .with_retryable(false)
            .with_detail("index", "1")
            .with_detail("index", "2")
            .with_source("password=secret");
        let sent = Error::from(error);
        assert!(!format!("{sent:?}").contains("secret"));
        let back = ottavo_core::Error::from(sent);
        assert_eq!(back.kind(), Kind::Unavailable);
        assert_eq!(back.message(), "no answer from `a`");
        assert!(!back.retryable());
        let twice = [("index".to_owned(), "1".to_owned()), ("index".to_owned(), "2".to_owned())];
        assert_eq!(back.details(), twice);
    }

    #[test]
    fn an_unknown_kind_is_other() {
        let sent = Error { kind: 99, ..Error::default() };
        assert_eq!(ottavo_core::Error::from(sent).kind(), Kind::Other);
    }
}
