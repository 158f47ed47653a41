//! Writes the outcome of a call.

use ottavo_sdk::{Error, Kind, Result};

/// `result<t, error>`, the value written by `value`.
pub(crate) fn result<T>(to: &mut Vec<u8>, outcome: Result<T>, value: impl Fn(&mut Vec<u8>, T)) {
    match outcome {
        Ok(found) => {
            to.push(0);
            value(to, found);
        }
        Err(failed) => {
            to.push(1);
            error(to, &failed);
        }
    }
}

pub(crate) fn option<T>(to: &mut Vec<u8>, found: Option<T>, value: impl Fn(&mut Vec<u8>, T)) {
    to.push(u8::from(found.is_some()));
    if let Some(found) = found {
        value(to, found);
    }
}

pub(crate) fn list<T>(to: &mut Vec<u8>, items: Vec<T>, item: impl Fn(&mut Vec<u8>, T)) {
    count(to, items.len());
    for found in items {
        item(to, found);
    }
}

pub(crate) fn bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    count(to, bytes.len());
    to.extend_from_slice(bytes);
}

pub(crate) fn string(to: &mut Vec<u8>, text: impl AsRef<str>) {
    bytes(to, text.as_ref().as_bytes());
}

pub(crate) fn nothing(_: &mut Vec<u8>, (): ()) {}

fn error(to: &mut Vec<u8>, error: &Error) {
    let kinds = Kind::ALL.iter().zip(0u8..);
    to.extend(kinds.filter(|(kind, _)| **kind == error.kind()).map(|(_, index)| index));
    string(to, error.message());
    to.push(u8::from(error.retryable()));
    count(to, error.details().len());
    for (name, value) in error.details() {
        string(to, name);
        string(to, value);
    }
}

fn count(to: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("a guest's memory holds fewer than 2^32 items");
    to.extend_from_slice(&count.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_written_in_full() {
        let mut to = Vec::new();
        let failed = Error::not_found("no").with_detail("a", "b");
        result(&mut to, Err(failed), nothing);
        let expected = b"\x01\x03\x02\0\0\0no\0\x01\0\0\0\x01\0\0\0a\x01\0\0\0b";
        assert_eq!(to, expected);
    }

    #[test]
    fn a_value_in_an_option_in_a_result_is_written_in_order() {
        let mut to = Vec::new();
        result(&mut to, Ok(Some("k")), |to, found| option(to, found, string));
        assert_eq!(to, b"\0\x01\x01\0\0\0k");
        to.clear();
        result(&mut to, Ok(None::<String>), |to, found| option(to, found, string));
        assert_eq!(to, [0, 0]);
    }
}
