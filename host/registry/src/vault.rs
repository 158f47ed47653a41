//! Secrets of store options that stand in a secret store, which is open before other stores are.

use std::collections::BTreeMap;
use std::time::Duration;

use ottavo_blocks::secret::{Key, Secrets};
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller, Error, Kind, Result, Secret, StoreName};
use serde_json::Value;

use crate::Store;

/// For one secret, when the host starts.
const PATIENCE: Duration = Duration::from_secs(10);

/// A secret that a store's options need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where it belongs in the options, as a JSON pointer: `/password`, `/url/0`.
    pub pointer: String,
    /// The secret store.
    pub store: StoreName,
    /// The secret's name in it.
    pub name: String,
    /// Who needs it and where that is written, as a message begins: ``ottavo.toml:4:1: `state.a.password` ``.
    pub place: String,
}

/// The options with every secret in its place.
///
/// # Errors
/// With the place of the first one that cannot be had, and never with any of it.
pub(crate) async fn resolve(
    options: &Secret<Value>,
    references: &[Reference],
    secrets: &BTreeMap<StoreName, Store<dyn Secrets>>,
) -> Result<Value> {
    let mut options = options.expose().clone();
    for reference in references {
        let Reference { pointer, store, name, place } = reference;
        let secret = find(secrets, store, name).await.map_err(|error| {
            let name = name.escape_debug();
            let needs = format!("{place}needs the secret `{name}` of the secret store `{store}`");
            error.context(needs)
        })?;
        if let Some(there) = options.pointer_mut(pointer) {
            *there = Value::String(secret.expose().clone());
        }
    }
    Ok(options)
}

async fn find(
    secrets: &BTreeMap<StoreName, Store<dyn Secrets>>,
    store: &StoreName,
    name: &str,
) -> Result<Secret<String>> {
    let failed = |why: &str| Err(Error::new(Kind::FailedPrecondition, why));
    let Some(store) = secrets.get(store) else {
        return failed("no such store is configured");
    };
    let cx = CallContext::new(new_request_id(), Caller::Anonymous, PATIENCE);
    let name = Key::parse(name)?.within(store.key_prefix());
    let found = tokio::time::timeout_at(cx.deadline, store.live().get(&cx, &name, None)).await;
    let found = found.map_err(|_| Error::new(Kind::Timeout, "no answer in time"))?;
    let bundle = found.map_err(|error| {
        // here the operator reads it, not a caller
        let why = error.source_text();
        error.map_message(|message| why.map_or(message, |why| why))
    })?;
    let Some(bundle) = bundle else {
        return failed("it is missing");
    };
    let [(_, value)] = bundle.values.as_slice() else {
        let names: Vec<_> = bundle.values.iter().map(|(name, _)| format!("`{name}`")).collect();
        return failed(&format!(
            "it has several values: go on with `/` and one of {}",
            names.join(", ")
        ));
    };
    let Ok(text) = std::str::from_utf8(value.expose()) else {
        return failed("it is not UTF-8 text");
    };
    // as in a file that a setting names: the end of its last line is not part of it
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    match text.is_empty() {
        true => failed("it is empty"),
        false => Ok(Secret::new(text.to_owned())),
    }
}
