//! State, for a person at a keyboard.

use ottavo_core::units::Span;
use serde::{Deserialize, Serialize};

use crate::base64_bytes;

/// One call on a state store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StateRequest {
    /// Reads a value.
    Get {
        /// Which.
        key: String,
    },
    /// Writes a value.
    Set {
        /// Which.
        key: String,
        /// In base64.
        #[serde(with = "base64_bytes")]
        value: Vec<u8>,
        /// Only while its etag is this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        if_match: Option<String>,
        /// Only when there is none.
        #[serde(default)]
        if_absent: bool,
        /// When it goes away.
        #[serde(default)]
        expires: StateExpiry,
    },
    /// Deletes a value.
    Delete {
        /// Which.
        key: String,
        /// Only while its etag is this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        if_match: Option<String>,
    },
    /// One page of keys.
    List {
        /// What they begin with.
        #[serde(default)]
        prefix: String,
        /// The `next` of the page before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<String>,
        /// At most so many, up to 1000.
        limit: u32,
    },
}

/// When a value goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateExpiry {
    /// As it was; a new value never does.
    #[default]
    Keep,
    /// Never.
    Never,
    /// This long from now.
    After(Span),
}

/// The answer to a [`StateRequest`] of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "kebab-case")]
pub enum StateReply {
    /// What was read.
    Get {
        /// None when it is missing.
        value: Option<StateValue>,
    },
    /// It is written.
    Set {
        /// The new version.
        etag: String,
    },
    /// It is not there any more.
    Delete,
    /// One page.
    List {
        /// In the store's own order.
        keys: Vec<String>,
        /// For the next page; none on the last.
        next: Option<String>,
    },
}

/// A value as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateValue {
    /// In base64.
    #[serde(with = "base64_bytes")]
    pub data: Vec<u8>,
    /// Its version.
    pub etag: String,
}
