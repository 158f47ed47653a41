//! The two operations on ids.

use ottavo_sdk::Result;
use ottavo_sdk::sequencer::{Order, Sequencer};

use crate::decode::{Decoder, no_case};
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "next" => {
            let (store, key, order) = (store(&mut call)?, call.string()?, order(&mut call)?);
            call.end()?;
            encode::result(to, store.next(key, order), id);
        }
        "next-range" => {
            let (store, key, order) = (store(&mut call)?, call.string()?, order(&mut call)?);
            let size = call.u32()?;
            call.end()?;
            encode::result(to, store.next_range(key, order, size), |to, range| {
                id(to, *range.start());
                id(to, *range.end());
            });
        }
        _ => return Err(unknown(&format!("sequencer.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn id(to: &mut Vec<u8>, id: u64) {
    to.extend_from_slice(&id.to_le_bytes());
}

fn store(call: &mut Decoder<'_>) -> Result<Sequencer> {
    Ok(Sequencer::open(call.string()?.to_owned()))
}

fn order(call: &mut Decoder<'_>) -> Result<Order> {
    match call.u8()? {
        0 => Ok(Order::Weak),
        1 => Ok(Order::Strong),
        other => Err(no_case("order", other)),
    }
}
