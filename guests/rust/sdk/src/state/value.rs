//! A value as read.

use std::fmt::Display;

use crate::bindings::ottavo::runtime::state as wit;
use crate::{Error, Result};

/// Bytes, and the etag of the write that put them there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    data: Vec<u8>,
    etag: String,
}

impl Value {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.data
    }

    /// The value as text.
    ///
    /// # Errors
    /// `data-loss` when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.data).map_err(|error| unreadable("text", error))
    }

    /// The value as JSON.
    ///
    /// # Errors
    /// `data-loss` when it is not JSON of this type.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.data).map_err(|error| unreadable("JSON", error))
    }

    /// Changes with every write; only compared.
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

impl From<wit::Value> for Value {
    fn from(value: wit::Value) -> Value {
        Value { data: value.data, etag: value.etag }
    }
}

/// What is in the store is not the caller's fault.
fn unreadable(form: &str, error: impl Display) -> Error {
    Error::data_loss(format!("reading the stored value as {form}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn a_stored_value_that_cannot_be_read_is_not_the_callers_fault() {
        let value = Value { data: vec![0xff], etag: "1".to_owned() };
        assert_eq!(value.text().unwrap_err().kind(), Kind::DataLoss);
        #[cfg(feature = "json")]
        assert_eq!(value.json::<u8>().unwrap_err().kind(), Kind::DataLoss);
    }
}
