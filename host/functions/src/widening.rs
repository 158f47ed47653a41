//! A new version that asks for more than the one before: nobody grants that by accident.

use ottavo_core::{Error, Kind, Result};
use ottavo_manifest::{Manifest, Subscribe, Watch};

use crate::catalogue::Record;
use crate::version::asked;

/// The detail that holds what is new, one grant a line.
const DETAIL: &str = "widens";

/// What a manifest asks for that the version before does not have; all of it for a first version,
/// which widens nothing.
///
/// # Errors
/// `failed-precondition` when there is a version before, something is new, and it was not accepted.
pub(crate) fn added(
    manifest: &Manifest,
    before: Option<&Record>,
    accept: bool,
) -> Result<Vec<String>> {
    let asked_now = asked(manifest)?;
    let mut triggered = triggers(manifest, before.map(|before| &before.manifest));
    let Some(before) = before else { return Ok([asked_now.texts(), triggered].concat()) };
    // a manifest that this host cannot read any more has granted nothing that could be relied on
    let mut added = asked_now.beyond(&asked(&before.manifest).unwrap_or_default()).texts();
    let known = triggers(&before.manifest, None);
    triggered.retain(|trigger| !known.contains(trigger));
    added.extend(triggered);
    if accept || added.is_empty() {
        return Ok(added);
    }
    let message = format!(
        "this version of `{}` asks for more than version {} has: {}; deploy it with `accept` to \
         grant that",
        manifest.name,
        before.version,
        added.join(", ")
    );
    Err(Error::new(Kind::FailedPrecondition, message).with_detail(DETAIL, added.join("\n")))
}

/// What a manifest's triggers reach, each by itself: a topic, the topic for what is given up,
/// configuration unless `before` watches that already, bindings.
pub(crate) fn triggers(manifest: &Manifest, before: Option<&Manifest>) -> Vec<String> {
    let mut texts = Vec::new();
    for Subscribe { pubsub, topic, group, dead_letter, .. } in &manifest.subscribe {
        let group = group.as_ref().filter(|group| **group != manifest.name.as_str());
        let group = group.map(|group| format!(" as {}", group.escape_debug())).unwrap_or_default();
        texts.push(format!("subscribe {pubsub}:{}{group}", topic.escape_debug()));
        if let Some(topic) = dead_letter {
            texts.push(format!("dead-letter {pubsub}:{}", topic.escape_debug()));
        }
    }
    for watch in &manifest.watch {
        let Watch { config, keys, .. } = watch;
        let known = |key: Option<&str>| {
            before.is_some_and(|before| before.watch.iter().any(|known| known.covers(watch, key)))
        };
        let scope = scope(watch);
        if keys.is_empty() && !known(None) {
            texts.push(format!("watch {config}{scope}"));
        }
        for key in keys.iter().filter(|key| !known(Some(key))) {
            texts.push(format!("watch {config}:{}{scope}", key.escape_debug()));
        }
    }
    texts.extend(manifest.binding.iter().map(|binding| format!("input {}", binding.name)));
    texts.sort();
    texts.dedup();
    texts
}

/// The words of a watched scope that are not the default.
fn scope(watch: &Watch) -> String {
    let words = [("app", &watch.app_id), ("group", &watch.group), ("label", &watch.label)];
    let said = words.iter().filter(|(_, word)| !word.is_empty() && *word != "default");
    said.map(|(what, word)| format!(" of {what} {}", word.escape_debug())).collect()
}
