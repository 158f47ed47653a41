//! What surrounds a call, asked for one by one.

use ottavo_sdk::{Result, context};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, asks, and encodes the answer.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "request-id" => {
            call.end()?;
            encode::string(to, context::request_id());
        }
        "remaining" => {
            call.end()?;
            let millis = u64::try_from(context::remaining().as_millis()).unwrap_or(u64::MAX);
            to.extend_from_slice(&millis.to_le_bytes());
        }
        "caller" => {
            call.end()?;
            encode::option(to, context::caller(), encode::string);
        }
        "remote" => {
            call.end()?;
            encode::option(to, context::remote(), encode::string);
        }
        "get" => {
            let name = call.string()?;
            call.end()?;
            encode::option(to, context::get(name), encode::string);
        }
        "setting" => {
            let name = call.string()?;
            call.end()?;
            encode::option(to, context::setting(name), encode::string);
        }
        _ => return Err(unknown(&format!("context.{operation}"))),
    }
    Ok(std::mem::take(to))
}
