//! References to secrets: a value that stands elsewhere than where it is needed.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ottavo_document::{Entry, Reader};
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::reference;
use crate::rules::FileRules;

/// The longest secret in a file, in bytes.
const LONGEST: u64 = 64 << 10;

/// The bits of a file's mode with which somebody else reaches it.
const OTHERS: u32 = 0o077;

/// The secret that a table names, or what [`reference::take`] takes for it; and where it was found.
pub(crate) fn read(
    rules: &FileRules<'_>,
    reader: &Reader<'_>,
    entry: &Entry<'_>,
    table: &DeTable<'_>,
) -> Option<(Value, String)> {
    let accepted = match rules.may_refer() {
        true => {
            "write `{ env = \"NAME\" }`, `{ file = \"PATH\" }` or `{ secret = \"STORE:NAME\" }`"
        }
        false => "write `{ env = \"NAME\" }` or `{ file = \"PATH\" }`",
    };
    let entries = reader.entries(&entry.path, table);
    let [(kind, target)] = entries.as_slice() else {
        return reader.refuse(entry, format!("does not say where one secret is: {accepted}"));
    };
    let DeValue::String(name) = target.value else {
        return reader.refuse(target, format!("is not text: {accepted}"));
    };
    match *kind {
        "env" => match rules.env.get(name) {
            Some(value) => Some((value.into(), format!("environment variable {name}"))),
            None => {
                let name = name.escape_debug();
                reader.refuse(entry, format!("needs the environment variable `{name}`: set it"))
            }
        },
        "file" => {
            let path = match rules.env.expand(name) {
                Ok(path) => path,
                Err(message) => return reader.refuse(target, message),
            };
            let value = match of_file(Path::new(&path)) {
                Ok((value, mode)) if mode & OTHERS != 0 => {
                    let message = format!(
                        "is read from `{path}`, which others on this machine may open: `chmod 600 {path}` keeps it to this user"
                    );
                    reader.warn(entry, message);
                    value
                }
                Ok((value, _)) => value,
                Err(message) => return reader.refuse(entry, message),
            };
            Some((value.into(), format!("file {path}")))
        }
        "secret" if !rules.may_refer() => {
            reader.refuse(target, format!("cannot be asked for here: {accepted}"))
        }
        "secret" => {
            let text = match rules.env.expand(name) {
                Ok(text) => text,
                Err(message) => return reader.refuse(target, message),
            };
            match reference::parse(&text) {
                Ok(value) => Some((value, format!("secret {text}"))),
                Err(message) => reader.refuse(target, message),
            }
        }
        _ => reader.refuse(target, format!("is no place of a secret: {accepted}")),
    }
}

/// The text of a file without the end of its last line, and the file's mode.
fn of_file(path: &Path) -> Result<(String, u32), String> {
    let shown = path.display().to_string();
    let shown = shown.escape_debug();
    let fail = |error: std::io::Error| format!("cannot be read from `{shown}`: {error}");
    let about = path.metadata().map_err(fail)?;
    // opening a pipe would wait for its writer
    if !about.is_file() {
        return Err(format!("cannot be read from `{shown}`: it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(fail)?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("cannot be read from `{shown}`: it has more than {LONGEST} bytes"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("cannot be read from `{shown}`: it is not UTF-8 text"))?;
    let value =
        text.strip_suffix('\n').map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line));
    match value.is_empty() {
        true => Err(format!("cannot be read from `{shown}`: it is empty")),
        false => Ok((value.to_owned(), about.permissions().mode())),
    }
}
