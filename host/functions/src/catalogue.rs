//! What is deployed, on disk: one JSON file, replaced as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Digest, Error, FunctionName, Kind, Result};
use ottavo_manifest::Manifest;
use serde::{Deserialize, Serialize};

use crate::code::Handles;
use crate::durable;
use crate::lineage::Lineage;
use crate::signatures::Signed;

/// The version of the file's format.
const FORMAT: u32 = 2;

/// The format that had one version of each function.
const FORMAT_OF_ONE: u32 = 1;

/// All functions by name.
pub(crate) type Records = BTreeMap<FunctionName, Lineage>;

/// One version of one function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) version: u64,
    pub(crate) deployed_at: UnixMillis,
    /// As uploaded.
    pub(crate) artifact: Digest,
    pub(crate) size: u64,
    /// The component made of it: the same, when a component was uploaded.
    pub(crate) component: Digest,
    /// Whether its functions may be asynchronous, which wants an engine of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) concurrent: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signed: Option<Signed>,
    /// None where it was not loaded since that is noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handles: Option<Handles>,
    pub(crate) manifest: Manifest,
}

impl Record {
    /// The id of the key that signed the artifact.
    pub(crate) fn signed_by(&self) -> Option<&str> {
        self.signed.as_ref().map(|signed| &*signed.by)
    }
}

/// The file's text, the functions as its format has them.
#[derive(Serialize, Deserialize)]
struct Document<F> {
    functions: F,
    format: u32,
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// The file.
pub(crate) struct Catalogue {
    path: PathBuf,
}

impl Catalogue {
    pub(crate) fn at(path: &Path) -> Catalogue {
        Catalogue { path: path.to_owned() }
    }

    /// What was saved last; nothing when there is no file. Blocks.
    pub(crate) fn load(&self) -> Result<Records> {
        let path = self.path.display();
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Records::new()),
            Err(error) => {
                return Err(Error::invalid(format!("cannot read `{path}`: {error}")));
            }
        };
        let broken = |error: serde_json::Error| {
            let hint = "restore it from a copy, or move it away and deploy again";
            Error::new(Kind::DataLoss, format!("`{path}` cannot be read: {error}; {hint}"))
        };
        match serde_json::from_str(&text).map_err(broken)? {
            Format { format: FORMAT } => {
                let document: Document<Records> = serde_json::from_str(&text).map_err(broken)?;
                Ok(document.functions)
            }
            Format { format: FORMAT_OF_ONE } => {
                let document: Document<BTreeMap<FunctionName, Record>> =
                    serde_json::from_str(&text).map_err(broken)?;
                let functions = document.functions.into_iter();
                Ok(functions.map(|(name, record)| (name, Lineage::of(record))).collect())
            }
            Format { format: found } => {
                let error = format!(
                    "`{path}` has format {found}, this host reads up to {FORMAT}: use the host that wrote it"
                );
                Err(Error::new(Kind::FailedPrecondition, error))
            }
        }
    }

    /// Whether there is a file.
    pub(crate) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Saves, on disk when this returns. Blocks.
    pub(crate) fn save(&self, functions: &Records) -> Result<()> {
        let document = Document { format: FORMAT, functions };
        let saved = serde_json::to_vec(&document)
            .map_err(io::Error::other)
            .and_then(|bytes| durable::replace(&self.path, &bytes));
        saved.map_err(|error| {
            let path = self.path.display();
            Error::new(Kind::Unavailable, format!("cannot write `{path}`: {error}"))
                .with_source(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_reads_what_it_saved_and_refuses_what_it_did_not_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let catalogue = Catalogue::at(&folder.path().join("catalogue.json"));
        assert!(catalogue.load().expect("no file yet").is_empty());

        let manifest = Manifest::parse(Path::new("function.toml"), "manifest = 1\nname = \"a\"")
            .expect("valid");
        let digest = Digest::of(b"x");
        let record = Record {
            version: 3,
            deployed_at: 7,
            artifact: digest,
            size: 1,
            component: digest,
            concurrent: false,
            signed: None,
            handles: None,
            manifest: manifest.clone(),
        };
        let one = serde_json::to_value(Document {
            format: FORMAT_OF_ONE,
            functions: BTreeMap::from([(manifest.name.clone(), record.clone())]),
        });
        let records = Records::from([(manifest.name, Lineage::of(record))]);
        catalogue.save(&records).expect("saves");
        assert_eq!(catalogue.load().expect("loads"), records);
        fs::write(&catalogue.path, one.expect("JSON").to_string()).expect("writes");
        assert_eq!(catalogue.load().expect("an earlier host wrote it"), records);

        fs::write(&catalogue.path, b"{\"format\": 1, \"functions\"").expect("writes");
        assert_eq!(catalogue.load().expect_err("truncated").kind(), Kind::DataLoss);
        fs::write(&catalogue.path, b"{\"format\": 3, \"functions\": {}}").expect("writes");
        assert_eq!(catalogue.load().expect_err("newer").kind(), Kind::FailedPrecondition);
    }
}
