//! The error of a whole call: a gRPC status with a `google.rpc.ErrorInfo`.
//!
//! `reason` is the kind's name, `domain` is `ottavo`, `metadata` holds `retryable` (`true` or
//! `false`) and the details. Metadata is a map: of details that share a name the first one travels,
//! which is also the one [`Error::detail`] gives, and a detail called `retryable` does not.

use std::collections::HashMap;

use ottavo_core::{Error, Kind};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// The domain of every `ErrorInfo`.
const DOMAIN: &str = "ottavo";

/// The metadata that says whether a retry makes sense.
const RETRYABLE: &str = "retryable";

/// The longest message, in bytes. A status travels in HTTP/2 header fields, twice, and many clients
/// take 8 KiB of them; a message may quote a key of 4 KiB.
const LONGEST_MESSAGE: usize = 1024;

/// The status of a failed call.
pub fn to_status(error: &Error) -> Status {
    let mut metadata = HashMap::with_capacity(error.details().len() + 1);
    metadata.insert(RETRYABLE.to_owned(), error.retryable().to_string());
    for (name, value) in error.details() {
        metadata.entry(name.clone()).or_insert_with(|| value.clone());
    }
    let details = ErrorDetails::with_error_info(error.kind().name(), DOMAIN, metadata);
    let code = Code::from_i32(error.kind().grpc_code());
    Status::with_error_details(code, shorten(error.message()), details)
}

fn shorten(message: &str) -> String {
    if message.len() <= LONGEST_MESSAGE {
        return message.to_owned();
    }
    format!("{}...", &message[..message.floor_char_boundary(LONGEST_MESSAGE)])
}

/// The error behind a status: exactly, when an `ErrorInfo` of ours came with it, else by its code.
/// Details come sorted by name.
pub fn from_status(status: &Status) -> Error {
    match status.get_details_error_info().filter(|info| info.domain == DOMAIN) {
        Some(info) => {
            // a reason that is not a kind of ours comes from a newer host
            let kind = info.reason.parse().unwrap_or(Kind::Other);
            let retryable = info.metadata.get(RETRYABLE).is_some_and(|text| text == "true");
            let mut details: Vec<_> =
                info.metadata.into_iter().filter(|(name, _)| name != RETRYABLE).collect();
            details.sort();
            let error = Error::new(kind, status.message()).with_retryable(retryable);
            details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value))
        }
        None => Error::new(kind_of(status.code()), status.message()),
    }
}

/// The kind that a code means when nothing else is said.
fn kind_of(code: Code) -> Kind {
    match code {
        // two codes without a kind of their own
        Code::Ok => Kind::Other,
        Code::OutOfRange => Kind::InvalidArgument,
        // two kinds share this code; only the limit on a quota passes with time
        Code::ResourceExhausted => Kind::Exhausted,
        _ => Kind::all().find(|kind| kind.grpc_code() == code as i32).unwrap_or(Kind::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_each_kind_comes_back_as_it_was() {
        for kind in Kind::all() {
            let error = Error::new(kind, "tried `x`").with_detail("index", "3");
            let status = to_status(&error);
            assert_eq!(status.code() as i32, kind.grpc_code());
            let back = from_status(&status);
            assert_eq!(back.kind(), kind);
            assert_eq!(back.message(), "tried `x`");
            assert_eq!(back.retryable(), kind.retryable());
            assert_eq!(back.details(), error.details());
        }
    }

    #[test]
    fn of_a_repeated_detail_the_first_travels_and_retryable_is_the_flag() {
        let error = Error::invalid("no")
            .with_detail("index", "1")
            .with_detail("index", "2")
            .with_detail("retryable", "perhaps")
            .with_retryable(true);
        let back = from_status(&to_status(&error));
        assert_eq!(back.details(), [("index".to_owned(), "1".to_owned())]);
        assert!(back.retryable());
    }

    #[test]
    fn the_cause_stays_inside() {
        let error = Error::internal("broken").with_source("password=secret");
        let status = to_status(&error);
        let sent = [status.message().as_bytes(), status.details()].concat();
        assert!(!String::from_utf8_lossy(&sent).contains("secret"));
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let status = to_status(&Error::invalid("é".repeat(4000)));
        assert!(status.message().len() <= LONGEST_MESSAGE + 3);
        assert!(status.message().ends_with("é..."));
    }

    #[test]
    fn a_status_of_another_server_counts_by_its_code() {
        for (code, kind) in [
            (Code::NotFound, Kind::NotFound),
            (Code::ResourceExhausted, Kind::Exhausted),
            (Code::OutOfRange, Kind::InvalidArgument),
            (Code::Unknown, Kind::Other),
            (Code::Unavailable, Kind::Unavailable),
        ] {
            let error = from_status(&Status::new(code, "said so"));
            assert_eq!((error.kind(), error.message()), (kind, "said so"));
        }
        let info = ErrorDetails::with_error_info("conflict", "example.com", HashMap::new());
        let foreign = Status::with_error_details(Code::Aborted, "theirs", info);
        assert_eq!(from_status(&foreign).kind(), Kind::Conflict);
    }
}
