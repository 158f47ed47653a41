//! Who is at the other end of a connection.
//!
//! Tokens stand in files, one a line ([`TokenFile`]). A [`Roster`] has those of several names,
//! compares what a client shows with all of them in constant time, and reads a file again when it
//! changes, so that tokens are rotated without a restart; a file that turns bad keeps the last good
//! tokens. No message and no `Debug` here has a token. A [`Tls`] makes connections secure, and does
//! the same with the files of its certificates.
//!
//! Absent: what anybody may do, which is `ottavo_api`'s, and the form in which a protocol brings a
//! token.

mod roster;
mod stamp;
mod tls;
mod tokens;

pub use roster::{Known, Roster, Watch};
pub use tls::{Tls, TlsFiles, TlsStream};
pub use tokens::{TokenFile, bearer};
