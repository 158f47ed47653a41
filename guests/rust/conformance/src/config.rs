//! The three operations on configuration.

use ottavo_sdk::Result;
use ottavo_sdk::config::{Item, Scope, Store};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// Reads the parameters, makes the call, and encodes its outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    let store = Store::open(call.string()?.to_owned());
    match operation {
        "get" => {
            let (scope, keys) = (scope(&mut call)?, call.list(Decoder::string)?);
            call.end()?;
            let outcome = store.get_many(&scope, &keys);
            encode::result(to, outcome, |to, items| encode::list(to, items, write_item));
        }
        "save" => {
            let (app_id, items) = (call.string()?, call.list(item)?);
            call.end()?;
            encode::result(to, store.save(app_id, &items), encode::nothing);
        }
        "delete" => {
            let (scope, keys) = (scope(&mut call)?, call.list(Decoder::string)?);
            call.end()?;
            encode::result(to, store.delete(&scope, &keys), encode::nothing);
        }
        _ => return Err(unknown(&format!("config.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn scope<'a>(call: &mut Decoder<'a>) -> Result<Scope<'a>> {
    Ok(Scope::of(call.string()?).group(call.string()?).label(call.string()?))
}

fn item(call: &mut Decoder<'_>) -> Result<Item> {
    let mut item = Item::new(call.string()?, call.string()?);
    item.version = call.string()?.to_owned();
    item = item.group(call.string()?).label(call.string()?);
    for (name, value) in pairs(call)? {
        item = item.tag(name, value);
    }
    for (name, value) in pairs(call)? {
        item = item.metadata(name, value);
    }
    Ok(item)
}

fn pairs<'a>(call: &mut Decoder<'a>) -> Result<Vec<(&'a str, &'a str)>> {
    call.list(|call| Ok((call.string()?, call.string()?)))
}

fn write_item(to: &mut Vec<u8>, item: Item) {
    let Item { key, value, version, group, label, tags, metadata } = item;
    for text in [key, value, version, group, label] {
        encode::string(to, text);
    }
    for pairs in [tags, metadata] {
        encode::list(to, pairs, |to, (name, value)| {
            encode::string(to, name);
            encode::string(to, value);
        });
    }
}
