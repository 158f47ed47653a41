//! What is known of a file.

use crate::bindings::ottavo::runtime::file as wit;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// Its name.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// As it was given; may be left out of a list.
    pub content_type: Option<String>,
    /// RFC 3339.
    pub last_modified: Option<String>,
    /// Changes with every write; only compared.
    pub etag: Option<String>,
    /// As it was given; may be left out of a list.
    pub metadata: Vec<(String, String)>,
}

impl From<wit::Info> for Info {
    fn from(info: wit::Info) -> Info {
        let wit::Info { name, size, content_type, last_modified, etag, metadata } = info;
        Info { name, size, content_type, last_modified, etag, metadata }
    }
}
