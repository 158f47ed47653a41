//! `tls = { cert, key, client_ca }` of a listener.

use std::path::PathBuf;

use ottavo_document::Reader;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Drivers;
use crate::format::PATH;

/// The certificates of a listener, in PEM. They are read again when they change, and connections go
/// on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificates, the listener's own first.
    #[schemars(extend("format" = PATH, "examples" = ["/etc/ottavo/cert.pem"]))]
    pub cert: PathBuf,
    /// Their private key.
    #[schemars(extend("format" = PATH, "examples" = ["/etc/ottavo/key.pem"]))]
    pub key: PathBuf,
    /// Whose certificates clients must have. Default: clients need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = PATH))]
    pub client_ca: Option<PathBuf>,
}

/// Reports files that cannot be used.
pub(crate) fn check(
    reader: &Reader<'_>,
    path: &str,
    files: Option<&TlsFiles>,
    drivers: &dyn Drivers,
) {
    let Some(Err(message)) = files.map(|files| drivers.tls(files)) else { return };
    let place = reader.place_within(path).unwrap_or_default();
    reader.report(place, path.to_owned(), message);
}
