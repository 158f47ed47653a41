//! What the words of a write mean, for drivers that evaluate them themselves.

use bytes::Bytes;
use ottavo_core::{Error, Kind, Result};

use super::{Etag, FileName, MAX_CHUNK, Precondition};

/// Compares a precondition with what is there: none when the file is missing.
///
/// # Errors
/// `conflict` when it does not hold.
pub fn check(precondition: &Precondition, name: &FileName, current: Option<&Etag>) -> Result<()> {
    let shown = name.as_str().escape_debug();
    let message = match (precondition, current) {
        (Precondition::Any, _) | (Precondition::Absent, None) => return Ok(()),
        (Precondition::Match(etag), Some(current)) if etag == current => return Ok(()),
        (Precondition::Match(etag), Some(_)) => {
            let etag = etag.as_str().escape_debug();
            format!("the etag of the file `{shown}` is no longer `{etag}`: stat it again")
        }
        (Precondition::Match(_), None) => format!("the file `{shown}` does not exist"),
        (Precondition::Absent, Some(_)) => format!("the file `{shown}` exists already"),
    };
    Err(Error::new(Kind::Conflict, message))
}

/// Refuses more than [`MAX_CHUNK`] at once.
///
/// # Errors
/// `too-large` with both sizes.
pub fn check_chunk(data: &Bytes) -> Result<()> {
    if data.len() <= MAX_CHUNK {
        return Ok(());
    }
    let size = data.len();
    let message = format!("a chunk has {size} bytes: write at most {MAX_CHUNK} at once");
    Err(Error::new(Kind::TooLarge, message).with_detail("limit", MAX_CHUNK.to_string()))
}
