//! Counts: `POST /counter/visits` adds one, `GET` tells the number.

use ottavo_sdk::state::{Entry, Store, Value};
use ottavo_sdk::{Error, Kind, Request, Result};

/// How often a write is tried when others write at the same time.
const TRIES: u32 = 10;

#[ottavo_sdk::http]
fn counter(request: Request) -> Result<String> {
    let key = format!("counter:{}", request.param("name").unwrap_or_default());
    let store = Store::open("default");
    let number = match (request.method(), request.query("how").as_deref()) {
        ("GET", _) => number(store.get(&key)?.as_ref())?,
        (_, None) => store.increment(&key, 1)?,
        (_, Some("etag")) => increment_with_etag(&store, &key)?,
        (_, Some(how)) => {
            let hint = "leave it out, or use `etag`";
            return Err(Error::invalid_argument(format!("`how` is `{how}`: {hint}")));
        }
    };
    Ok(number.to_string())
}

/// Reads, adds, and writes only if nobody else wrote in between.
fn increment_with_etag(store: &Store, key: &str) -> Result<i64> {
    let mut tries = 0;
    loop {
        tries += 1;
        let value = store.get(key)?;
        let next = number(value.as_ref())? + 1;
        let text = next.to_string();
        let entry = Entry::new(key, &text);
        let entry = match &value {
            Some(value) => entry.if_match(value.etag()),
            None => entry.if_absent(),
        };
        match store.set_with(&entry) {
            Ok(_) => return Ok(next),
            Err(error) if error.kind() == Kind::Conflict && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// A missing number is 0.
fn number(value: Option<&Value>) -> Result<i64> {
    let Some(value) = value else { return Ok(0) };
    let text = value.text()?;
    text.parse().map_err(|_| Error::data_loss(format!("the counter holds `{text}`, no number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_begins_at_zero() {
        assert_eq!(number(None).unwrap(), 0);
    }
}
