//! Anything else outside, by its configured name: a webhook, a queue, a mail server.
//!
//! ```no_run
//! use ottavo_sdk::binding::Binding;
//!
//! let webhook = Binding::open("webhook");
//! let answer = webhook.invoke("create", r#"{"order":7}"#, &[("Content-Type", "application/json")])?;
//! println!("{:?}: {} bytes", answer.get("statusCode"), answer.data.len());
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;

use crate::Result;
use crate::bindings::ottavo::runtime::binding as wit;

/// One named binding. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Binding {
    name: Cow<'static, str>,
}

impl Binding {
    /// The binding of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Binding {
        Binding { name: name.into() }
    }

    /// Does something outside. What `operation` and `metadata` may be is up to the binding's driver.
    ///
    /// # Errors
    /// `unsupported` for an operation that the driver does not know, with those that it does.
    pub fn invoke(
        &self,
        operation: &str,
        data: impl AsRef<[u8]>,
        metadata: &[(&str, &str)],
    ) -> Result<Answer> {
        let wit::Response { data, metadata } =
            wit::invoke(&self.name, operation, data.as_ref(), metadata)?;
        Ok(Answer { data, metadata })
    }
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The bytes as they came.
    pub data: Vec<u8>,
    /// What the driver says of them. A name may stand several times.
    pub metadata: Vec<(String, String)>,
}

impl Answer {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
