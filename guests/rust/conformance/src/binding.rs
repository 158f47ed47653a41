//! The one operation on bindings.

use ottavo_sdk::Result;
use ottavo_sdk::binding::Binding;

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    if operation != "invoke" {
        return Err(unknown(&format!("binding.{operation}")));
    }
    let binding = Binding::open(call.string()?.to_owned());
    let (operation, data) = (call.string()?, call.bytes()?);
    let metadata = call.list(|call| Ok((call.string()?, call.string()?)))?;
    call.end()?;
    let to = &mut Vec::new();
    encode::result(to, binding.invoke(operation, data, &metadata), |to, answer| {
        encode::bytes(to, &answer.data);
        encode::list(to, answer.metadata, |to, (name, value)| {
            encode::string(to, name);
            encode::string(to, value);
        });
    });
    Ok(std::mem::take(to))
}
