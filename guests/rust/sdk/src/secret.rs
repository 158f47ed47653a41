//! Secrets in named stores: passwords, tokens, keys.
//!
//! ```no_run
//! use ottavo_sdk::{Error, secret};
//!
//! let vault = secret::Store::open("vault");
//! let token = vault.get("token")?.ok_or_else(|| Error::not_found("no secret `token`"))?;
//! let header = format!("Bearer {}", token.text()?);
//!
//! // what stands under one name
//! if let Some(db) = vault.get("db")? {
//!     let (user, password) = (db.value("user"), db.value("password"));
//! }
//! # Ok::<(), ottavo_sdk::Error>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use crate::bindings::ottavo::runtime::secret as wit;
use crate::{Error, Result};

/// One named store. Opening it costs nothing; the manifest's `[needs]` must name it.
#[derive(Clone, Debug)]
pub struct Store {
    name: Cow<'static, str>,
}

impl Store {
    /// The store of this name.
    pub fn open(name: impl Into<Cow<'static, str>>) -> Store {
        Store { name: name.into() }
    }

    /// The newest secret of a name, or none when it is missing.
    pub fn get(&self, name: &str) -> Result<Option<Secret>> {
        self.get_version(name, None)
    }

    /// The same in a version.
    ///
    /// # Errors
    /// `unsupported` for a version in a store that keeps one of everything.
    pub fn get_version(&self, name: &str, version: Option<&str>) -> Result<Option<Secret>> {
        Ok(wit::get(&self.name, name, version)?.map(Secret::from))
    }

    /// Every secret that the manifest asks for, by name, each with its one value.
    pub fn all(&self) -> Result<Vec<(String, Secret)>> {
        let all = wit::get_bulk(&self.name)?;
        Ok(all.into_iter().map(|(name, found)| (name, found.into())).collect())
    }
}

/// What stands under one name: a value, or several by their names. `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    version: Option<String>,
    values: Vec<(String, Vec<u8>)>,
}

impl Secret {
    /// The bytes of a secret that is one value.
    ///
    /// # Errors
    /// `failed-precondition` when others stand under the name.
    pub fn bytes(&self) -> Result<&[u8]> {
        match self.values.as_slice() {
            [(_, value)] => Ok(value),
            values => {
                let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
                let names = names.join(", ");
                Err(Error::failed_precondition(format!("the secret has several values: {names}")))
            }
        }
    }

    /// The same as text.
    ///
    /// # Errors
    /// `data-loss` when it is not UTF-8.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(self.bytes()?)
            .map_err(|_| Error::data_loss("reading the secret as text: it is not UTF-8"))
    }

    /// One of several values: `password` of what stands under `db`.
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// Every value with its name.
    pub fn values(&self) -> &[(String, Vec<u8>)] {
        &self.values
    }

    /// None in a store that keeps one version of everything.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.values.iter().map(|(name, _)| name).collect();
        f.debug_struct("Secret").field("version", &self.version).field("values", &names).finish()
    }
}

impl From<wit::Bundle> for Secret {
    fn from(found: wit::Bundle) -> Secret {
        Secret { version: found.version, values: found.values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn secret(values: &[(&str, &[u8])]) -> Secret {
        let pair = |(name, value): &(&str, &[u8])| ((*name).to_owned(), value.to_vec());
        Secret { version: None, values: values.iter().map(pair).collect() }
    }

    #[test]
    fn one_value_needs_no_name_and_several_do() {
        let token = secret(&[("token", b"hunter2")]);
        assert_eq!(token.text().unwrap(), "hunter2");
        let db = secret(&[("user", b"app"), ("password", b"\xff")]);
        let error = db.bytes().unwrap_err();
        assert_eq!(error.kind(), Kind::FailedPrecondition);
        assert!(error.message().ends_with("user, password"), "{error}");
        assert_eq!(db.value("password"), Some(&b"\xff"[..]));
        assert_eq!(secret(&[("a", b"\xff")]).text().unwrap_err().kind(), Kind::DataLoss);
    }

    #[test]
    fn a_secret_does_not_show() {
        let shown = format!("{:?}", secret(&[("token", b"hunter2")]));
        assert!(shown.contains("token") && !shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains("104, 117"), "{shown}");
    }
}
