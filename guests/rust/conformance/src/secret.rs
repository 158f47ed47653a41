//! The two operations on secrets.

use ottavo_sdk::Result;
use ottavo_sdk::secret::{Secret, Store};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    let store = Store::open(call.string()?.to_owned());
    match operation {
        "get" => {
            let (name, version) = (call.string()?, call.option(Decoder::string)?);
            call.end()?;
            let outcome = store.get_version(name, version);
            encode::result(to, outcome, |to, found| encode::option(to, found, secret));
        }
        "get-bulk" => {
            call.end()?;
            encode::result(to, store.all(), |to, all| {
                encode::list(to, all, |to, (name, found)| {
                    encode::string(to, name);
                    secret(to, found);
                });
            });
        }
        _ => return Err(unknown(&format!("secret.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn secret(to: &mut Vec<u8>, found: Secret) {
    encode::option(to, found.version(), encode::string);
    encode::list(to, found.values().to_vec(), |to, (name, value)| {
        encode::string(to, name);
        encode::bytes(to, &value);
    });
}
