//! A folder with a file for each secret, which holds its bytes and nothing else; folders in it are
//! parts of names. As orchestrators mount them: names that begin with a dot are not secrets, and a
//! link is followed as long as it stays in the folder.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ottavo_blocks::secret::{Bundle, Leaves};
use ottavo_core::{Result, Secret};

use crate::text::{bytes, refused, unreadable};

/// The most secrets that are read at once, and how many folders deep.
const MOST: usize = 1000;
const DEEPEST: usize = 16;

/// `ELOOP` on Linux and on macOS: links that lead to each other.
const LOOPS: [i32; 2] = [40, 62];

/// What changes while it is looked at is looked at again, this often.
const TRIES: usize = 3;

/// What stands under a name.
pub(crate) fn get(root: &Path, name: &str) -> Result<Option<Bundle>> {
    if !name.split('/').all(is_part) {
        return Ok(None);
    }
    let path = root.join(name);
    again(|| {
        let Some(real) = within(root, &path)? else { return Ok(None) };
        if real.is_dir() {
            let mut leaves = Leaves::default();
            collect(root, &path, "", 0, &mut leaves)?;
            let values = leaves.all().into_iter().flat_map(|(_, bundle)| bundle.values);
            let values: Vec<_> = values.collect();
            return Ok((!values.is_empty()).then_some(Bundle { version: None, values }));
        }
        let value = Secret::new(bytes(&real)?.into());
        Ok(Some(Bundle::single(name, value)))
    })
}

/// Every secret.
pub(crate) fn all(root: &Path) -> Result<Leaves> {
    again(|| {
        let mut leaves = Leaves::default();
        collect(root, root, "", 0, &mut leaves)?;
        Ok(leaves)
    })
}

/// Whether the folder is there.
pub(crate) fn health(root: &Path) -> Result<()> {
    fs::read_dir(root).map(drop).map_err(|error| unreadable(root, &error))
}

/// What is not found was there a moment ago: a mount that swaps its files does so by a link.
fn again<T>(mut look: impl FnMut() -> Result<T>) -> Result<T> {
    let mut tries = 1;
    loop {
        match look() {
            Err(error) if error.kind() == ottavo_core::Kind::Unavailable && tries < TRIES => {
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Whether it can be a part of a secret's name.
fn is_part(part: &str) -> bool {
    !part.is_empty() && !part.starts_with('.')
}

/// Where a path really leads; none when nothing is there, or it leads out of the folder.
fn within(root: &Path, path: &Path) -> Result<Option<PathBuf>> {
    let root = fs::canonicalize(root).map_err(|error| unreadable(root, &error))?;
    match fs::canonicalize(path) {
        Ok(real) => Ok(real.starts_with(&root).then_some(real)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput => Ok(None),
            _ if error.raw_os_error().is_some_and(|code| LOOPS.contains(&code)) => Ok(None),
            _ => Err(unreadable(path, &error)),
        },
    }
}

fn collect(root: &Path, folder: &Path, name: &str, depth: usize, to: &mut Leaves) -> Result<()> {
    if depth == DEEPEST {
        return Err(refused(folder, "it is more than 16 folders deep"));
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let file_name = entry.file_name();
        let Some(part) = file_name.to_str().filter(|part| is_part(part)) else { continue };
        let name = match name.is_empty() {
            true => part.to_owned(),
            false => format!("{name}/{part}"),
        };
        let Some(real) = within(root, &entry.path())? else { continue };
        if real.is_dir() {
            collect(root, &entry.path(), &name, depth + 1, to)?;
            continue;
        }
        to.insert(&name, bytes(&real)?)?;
        if to.len() > MOST {
            return Err(refused(root, "it has more than 1000 secrets"));
        }
    }
    Ok(())
}
