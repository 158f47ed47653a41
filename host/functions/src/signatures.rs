//! By whom an artifact is signed: a detached signature in the format of minisign, over the bytes of the
//! artifact as they were uploaded.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minisign_verify::{PublicKey, Signature};
use ottavo_core::digest::Hasher;
use ottavo_core::{Digest, Error, Kind, Result};
use serde::{Deserialize, Serialize};

use crate::artifacts;

/// The longest signature that is read.
const MAX_SIGNATURE: usize = 4 << 10;

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;

/// A signature that was found to be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signed {
    /// The key's id, as minisign writes it.
    pub(crate) by: String,
    /// The text of the signature, to look again when the host starts.
    pub(crate) signature: String,
}

/// The keys that a host trusts.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    required: bool,
    keys: Vec<Key>,
}

#[derive(Clone, Debug)]
struct Key {
    id: String,
    key: PublicKey,
}

impl Keys {
    /// Reads keys: each text is a public key as minisign prints it, or a file of one. `required` is
    /// whether what is not signed is refused.
    ///
    /// # Errors
    /// `invalid-argument` with the text that is no key; when some are required and there is none.
    pub fn new<'t>(required: bool, texts: impl IntoIterator<Item = &'t str>) -> Result<Keys> {
        let lines = texts.into_iter().flat_map(str::lines).map(str::trim);
        let keys = lines.filter(|line| !line.is_empty() && !line.starts_with("untrusted comment:"));
        let keys = keys.map(key).collect::<Result<Vec<_>>>()?;
        if required && keys.is_empty() {
            let error = "`deploy.require_signed` is on, and no key is trusted: add one to `deploy.keys` or `deploy.key_files`";
            return Err(Error::invalid(error));
        }
        Ok(Keys { required, keys })
    }

    /// Whether what is deployed must be signed still when it is loaded.
    pub(crate) fn required(&self) -> bool {
        self.required
    }

    /// By whom the artifact at `path` is signed. Nothing is looked at when no key is trusted. Blocks.
    ///
    /// # Errors
    /// `denied` when it must be signed and is not, or not by a key that is trusted; what is wrong with
    /// the signature.
    pub(crate) fn check(
        &self,
        path: &Path,
        digest: &Digest,
        signature: Option<&str>,
    ) -> Result<Option<Signed>> {
        let denied = |message: String| Err(Error::new(Kind::Denied, message));
        if self.keys.is_empty() {
            return Ok(None);
        }
        let Some(text) = signature else {
            if !self.required {
                return Ok(None);
            }
            return denied(
                "it is not signed, and this host takes only what is (`deploy.require_signed`): sign the file with `minisign -Sm FILE.wasm`, and deploy it with `--signature FILE.wasm.minisig`".to_owned(),
            );
        };
        let decoded = Some(text).filter(|text| text.len() <= MAX_SIGNATURE);
        let Some(decoded) = decoded.and_then(|text| Signature::decode(text).ok()) else {
            let error = "the signature cannot be read: send the file that `minisign -S` wrote";
            return Err(Error::invalid(error));
        };
        let mut unknown = true;
        for Key { id, key } in &self.keys {
            let mut verifier = match key.verify_stream(&decoded) {
                Ok(verifier) => verifier,
                Err(minisign_verify::Error::UnexpectedKeyId) => continue,
                Err(_) => {
                    let error = "the signature is of the old form, over the file and not over its hash: sign it with minisign 0.10 or newer, or with `-H`";
                    return Err(Error::invalid(error));
                }
            };
            unknown = false;
            each_piece(path, digest, |piece| verifier.update(piece))?;
            if verifier.finalize().is_ok() {
                return Ok(Some(Signed { by: id.clone(), signature: text.to_owned() }));
            }
        }
        let ids = self.keys.iter().map(|key| format!("`{}`", key.id)).collect::<Vec<_>>();
        match unknown {
            true => denied(format!(
                "it is signed by a key that this host does not trust: it trusts {}",
                ids.join(", ")
            )),
            false => denied(
                "the signature is not of this file: sign the `.wasm` as it is sent".to_owned(),
            ),
        }
    }
}

fn key(line: &str) -> Result<Key> {
    let wrong = || {
        let shown: String = line.chars().take(80).collect();
        let shown = shown.escape_debug();
        Error::invalid(format!(
            "`{shown}` is not a public key of minisign: it has 56 letters, and `minisign -G` shows it"
        ))
    };
    let key = PublicKey::from_base64(line).map_err(|_| wrong())?;
    let bytes = BASE64_STANDARD.decode(line).map_err(|_| wrong())?;
    let id = bytes.get(2..10).and_then(|id| id.try_into().ok()).ok_or_else(wrong)?;
    Ok(Key { id: format!("{:016X}", u64::from_le_bytes(id)), key })
}

/// Reads an artifact piece by piece, and checks that it is the one of this digest.
fn each_piece(path: &Path, digest: &Digest, mut each: impl FnMut(&[u8])) -> Result<()> {
    let mut hasher = Hasher::default();
    let mut piece = vec![0; PIECE];
    let mut read = || {
        let mut file = File::open(path)?;
        loop {
            match file.read(&mut piece)? {
                0 => return Ok::<_, io::Error>(()),
                length => {
                    hasher.update(&piece[..length]);
                    each(&piece[..length]);
                }
            }
        }
    };
    read().map_err(|error| artifacts::unreadable(path, digest, error))?;
    match hasher.finish() == *digest {
        true => Ok(()),
        false => Err(artifacts::damaged(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with minisign, over the four bytes `test`.
    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn keys_are_read_from_a_line_or_a_file() {
        let file = format!("untrusted comment: minisign public key E7620F1842B4E81F\n{KEY}\n");
        for text in [KEY, &file] {
            let keys = Keys::new(true, [text]).expect("a key");
            assert_eq!(keys.keys[0].id, "E7620F1842B4E81F");
        }
        let error = Keys::new(false, ["RWQf"]).expect_err("too short");
        assert!(error.message().contains("`RWQf` is not a public key"), "{error}");
        let error = Keys::new(true, []).expect_err("none");
        assert!(error.message().contains("no key is trusted"), "{error}");
    }
}
