//! The kinds of error, and the one table that gives each its gRPC code and HTTP status.

use std::fmt;
use std::str::FromStr;

/// What went wrong, as a caller can act on it.
///
/// The same list stands in `wit/types.wit` and `proto/ottavo/runtime/v1/types.proto`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The caller's input is wrong; repeating it cannot help.
    InvalidArgument,
    /// The caller did not say who they are.
    Unauthenticated,
    /// The caller holds no grant for this.
    Denied,
    /// The store, function or name does not exist. A missing value is not an error.
    NotFound,
    /// It exists and should not.
    AlreadyExists,
    /// A stale etag, or a concurrent write.
    Conflict,
    /// Not in this state or configuration.
    FailedPrecondition,
    /// A body, value or message over its limit.
    TooLarge,
    /// A limit or quota is used up; later may help.
    Exhausted,
    /// This store's driver cannot do this.
    Unsupported,
    /// The deadline passed; whether it took effect is unknown.
    Timeout,
    /// The caller went away.
    Cancelled,
    /// The backend is down.
    Unavailable,
    /// Stored data cannot be read back.
    DataLoss,
    /// A fault of the host.
    Internal,
    /// From a newer peer: treat as `Internal`.
    Other,
}

/// One row of the table: kind, name, gRPC code, HTTP status, retryable unless said otherwise.
type Row = (Kind, &'static str, i32, u16, bool);

/// The table of `docs/reference/errors.md`. gRPC codes are those of `google.rpc.Code`.
const TABLE: [Row; 16] = [
    (Kind::InvalidArgument, "invalid-argument", 3, 400, false),
    (Kind::Unauthenticated, "unauthenticated", 16, 401, false),
    (Kind::Denied, "denied", 7, 403, false),
    (Kind::NotFound, "not-found", 5, 404, false),
    (Kind::AlreadyExists, "already-exists", 6, 409, false),
    (Kind::Conflict, "conflict", 10, 409, false),
    (Kind::FailedPrecondition, "failed-precondition", 9, 412, false),
    (Kind::TooLarge, "too-large", 8, 413, false),
    (Kind::Exhausted, "exhausted", 8, 429, true),
    (Kind::Unsupported, "unsupported", 12, 501, false),
    (Kind::Timeout, "timeout", 4, 504, false),
    (Kind::Cancelled, "cancelled", 1, 499, false),
    (Kind::Unavailable, "unavailable", 14, 503, true),
    (Kind::DataLoss, "data-loss", 15, 500, false),
    (Kind::Internal, "internal", 13, 500, false),
    (Kind::Other, "other", 2, 500, false),
];

impl Kind {
    /// Every kind, in the order of the WIT enum.
    pub fn all() -> impl Iterator<Item = Kind> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The name as in WIT and in JSON answers: `invalid-argument`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The code of `google.rpc.Code`.
    pub fn grpc_code(self) -> i32 {
        self.row().2
    }

    /// The HTTP status (RFC 9110; 499 is the customary "client closed request").
    pub fn http_status(self) -> u16 {
        self.row().3
    }

    /// Whether repeating the same call later may succeed and does no harm, unless the error itself
    /// says otherwise.
    pub fn retryable(self) -> bool {
        self.row().4
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(name: &str) -> Result<Kind, ()> {
        TABLE.iter().find(|row| row.1 == name).map(|row| row.0).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_at_its_own_row_of_the_table() {
        for kind in Kind::all() {
            assert_eq!(kind.row().0, kind);
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }

    #[test]
    fn the_reference_page_has_the_same_table() {
        let page = include_str!("../../../docs/reference/errors.md");
        for (_, name, grpc, http, retryable) in TABLE {
            let retry = if retryable { "yes" } else { "no" };
            let row = format!("| `{name}` | {grpc} | {http} | {retry} |");
            assert!(page.contains(&row), "{row}");
        }
    }
}
