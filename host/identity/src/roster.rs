//! The tokens of several names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use ottavo_core::{Error, Kind, Result, Shutdown};
use sha2::{Digest as _, Sha256};
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
use tracing::{info, warn};

use crate::stamp::{INTERVAL, Stamp};
use crate::tokens::{Token, TokenFile};

/// Whose token a client has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The name that the file belongs to.
    pub owner: Arc<str>,
    /// The name of the token itself, where its line has one.
    pub token: Option<Arc<str>>,
}

/// Files of tokens, each of a name.
pub struct Roster {
    files: Vec<(Arc<str>, PathBuf)>,
    /// What is compared, in the order of the files.
    entries: ArcSwap<Vec<Entry>>,
    /// Why the files of these names, as they are now, are not in use.
    troubles: Mutex<BTreeMap<Arc<str>, String>>,
}

struct Entry {
    owner: Arc<str>,
    token: Token,
}

impl Roster {
    /// Reads every file. Blocks.
    ///
    /// # Errors
    /// `failed-precondition`: a file that cannot be used, or a token that two names have.
    pub fn open(files: Vec<(Arc<str>, PathBuf)>) -> Result<(Roster, Watch)> {
        let mut seen = Vec::new();
        for (owner, path) in &files {
            let read = TokenFile::read(path).map_err(|error| {
                let message = format!("the tokens of `{owner}`: {error}");
                Error::new(Kind::FailedPrecondition, message)
            })?;
            seen.push(Seen { stamp: Some(read.stamp), good: read.tokens });
        }
        let entries = ArcSwap::from_pointee(join(&files, &seen)?);
        Ok((Roster { files, entries, troubles: Mutex::default() }, Watch { seen }))
    }

    /// Whose token this is.
    ///
    /// # Behavior
    /// - Takes as long for one that is nearly right, or for the first of them, as for any other.
    pub fn find(&self, token: &[u8]) -> Option<Known> {
        let digest: [u8; 32] = Sha256::digest(token).into();
        let entries = self.entries.load();
        // counted from 1; there are no two that are equal
        let mut found = 0u32;
        for (place, entry) in (1u32..).zip(entries.iter()) {
            found.conditional_assign(&place, entry.token.digest.ct_eq(&digest));
        }
        let entry = entries.get((found as usize).checked_sub(1)?)?;
        Some(Known { owner: Arc::clone(&entry.owner), token: entry.token.name.clone() })
    }

    /// The names whose files, as they are now, are not in use, each with the reason.
    pub fn troubles(&self) -> BTreeMap<Arc<str>, String> {
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads files again when they change, until `shutdown` begins. One that cannot be used keeps
    /// the tokens that it had.
    pub fn watch(self: &Arc<Self>, mut watch: Watch, shutdown: &Shutdown) {
        let (roster, until) = (Arc::clone(self), shutdown.clone());
        shutdown.spawn("token files", async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(INTERVAL) => {}
                    () = until.begun() => return,
                }
                roster.look(&mut watch).await;
            }
        });
    }

    async fn look(&self, watch: &mut Watch) {
        for at in 0..self.files.len() {
            let (owner, path) = &self.files[at];
            let stamp = Stamp::now(path).await;
            if watch.seen[at].stamp == stamp {
                continue;
            }
            watch.seen[at].stamp = stamp;
            let taken = read(path).await.and_then(|read| {
                let before = std::mem::replace(&mut watch.seen[at].good, read.tokens);
                // what changed between the two looks is read once more
                watch.seen[at].stamp = Some(read.stamp);
                join(&self.files, &watch.seen).map_err(|error| {
                    watch.seen[at].good = before;
                    error.message().to_owned()
                })
            });
            let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
            match taken {
                Ok(entries) => {
                    self.entries.store(Arc::new(entries));
                    troubles.remove(owner);
                    info!(%owner, path = %path.display(), "the tokens have changed");
                }
                Err(error) => {
                    warn!(%owner, error, "the tokens cannot be read again: those before stay");
                    troubles.insert(Arc::clone(owner), error);
                }
            }
        }
    }
}

/// What is known of the files of a [`Roster`], in their order.
pub struct Watch {
    seen: Vec<Seen>,
}

struct Seen {
    stamp: Option<Stamp>,
    /// The last tokens that could be used.
    good: Vec<Token>,
}

async fn read(path: &Path) -> std::result::Result<TokenFile, String> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || TokenFile::read(&path)).await;
    read.unwrap_or_else(|_| Err("the host stops".to_owned()))
}

fn join(files: &[(Arc<str>, PathBuf)], seen: &[Seen]) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    for ((owner, path), seen) in files.iter().zip(seen) {
        for token in &seen.good {
            if let Some(other) = entries.iter().find(|one| one.token.digest == token.digest) {
                let (path, other) = (path.display(), &other.owner);
                let message =
                    format!("`{path}` has a token of `{other}`: give `{owner}` one of its own");
                return Err(Error::new(Kind::FailedPrecondition, message));
            }
            entries.push(Entry { owner: Arc::clone(owner), token: token.clone() });
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn token(letter: char) -> String {
        String::from(letter).repeat(40)
    }

    fn owner(roster: &Roster, letter: char) -> Option<String> {
        roster.find(token(letter).as_bytes()).map(|known| known.owner.to_string())
    }

    #[tokio::test]
    async fn tokens_change_with_their_files_and_a_bad_file_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (shop, desk) = (folder.path().join("shop"), folder.path().join("desk"));
        fs::write(&shop, format!("{}\nnext {}\n", token('a'), token('b'))).unwrap();
        fs::write(&desk, token('c')).unwrap();
        let files = vec![("shop".into(), shop.clone()), ("desk".into(), desk.clone())];
        let (roster, mut watch) = Roster::open(files).unwrap();
        for (letter, expected) in [('a', "shop"), ('b', "shop"), ('c', "desk")] {
            assert_eq!(owner(&roster, letter).as_deref(), Some(expected));
        }
        assert_eq!(roster.find(token('b').as_bytes()).unwrap().token.as_deref(), Some("next"));
        assert_eq!(owner(&roster, 'd'), None);
        assert_eq!(roster.find(b""), None);
        assert_eq!(roster.find(&token('a').as_bytes()[..39]), None);

        // rotated: what is gone is refused, what is new is known
        fs::write(&shop, format!("{}\n{}x\n", token('b'), token('d'))).unwrap();
        roster.look(&mut watch).await;
        assert_eq!((owner(&roster, 'a'), owner(&roster, 'b')), (None, Some("shop".into())));
        assert_eq!(
            roster.find(format!("{}x", token('d')).as_bytes()).unwrap().owner,
            "shop".into()
        );

        // bad in each way that a file can be
        for bad in ["", "short", &format!("{}\n{}", token('e'), token('c'))] {
            fs::write(&shop, bad).unwrap();
            roster.look(&mut watch).await;
            assert_eq!(owner(&roster, 'b').as_deref(), Some("shop"), "{bad}");
            assert_eq!((owner(&roster, 'e'), owner(&roster, 'c')), (None, Some("desk".into())));
            assert_eq!(roster.troubles().keys().map(|name| &**name).collect::<Vec<_>>(), ["shop"]);
        }
        let told = roster.troubles()["shop"].clone();
        assert!(told.contains("a token of `shop`: give `desk`"), "{told}");
        fs::remove_file(&shop).unwrap();
        roster.look(&mut watch).await;
        assert_eq!(owner(&roster, 'b').as_deref(), Some("shop"));

        fs::write(&shop, token('f')).unwrap();
        roster.look(&mut watch).await;
        assert!(roster.troubles().is_empty());
        assert_eq!((owner(&roster, 'f'), owner(&roster, 'b')), (Some("shop".into()), None));
    }

    #[test]
    fn one_token_is_not_of_two_names() {
        let folder = tempfile::tempdir().unwrap();
        let (shop, desk) = (folder.path().join("shop"), folder.path().join("desk"));
        fs::write(&shop, token('a')).unwrap();
        fs::write(&desk, token('a')).unwrap();
        let error = Roster::open(vec![("shop".into(), shop), ("desk".into(), desk)]).err().unwrap();
        assert!(error.message().contains("a token of `shop`"), "{error}");
        assert!(!error.message().contains("aaaa"), "{error}");
    }
}
