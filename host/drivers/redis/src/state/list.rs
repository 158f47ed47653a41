//! Listing keys, a few steps of SCAN for each page, node by node in a cluster.

use ottavo_blocks::state::{Key, KeyPage, PageLimit};
use ottavo_core::{CallContext, Result};
use redis::Value as Reply;

use super::cursor::Cursor;
use super::scripts::LIST;
use crate::conn::{At, Conn, Effect};
use crate::error::strange;
use crate::script::text_of as text;

/// How many keys of the database one page looks at, roughly, before it ends early.
const LOOKED_AT: usize = 10_000;

/// How many keys one step looks at, at most: redis does nothing else meanwhile.
const STEP: usize = 1000;

/// One page of the keys with this prefix.
pub(super) async fn page(
    conn: &Conn,
    cx: &CallContext,
    prefix: &str,
    cursor: Option<&str>,
    limit: PageLimit,
) -> Result<KeyPage> {
    let mut at =
        cursor.map(|cursor| Cursor::parse(cursor, prefix)).transpose()?.unwrap_or_default();
    if cursor.is_none() {
        conn.survey(cx).await;
    }
    let pattern = pattern(prefix);
    let mut page = KeyPage::default();
    let (mut count, mut looked_at) = (fitting(limit.get()), 0);
    loop {
        let room = limit.get() - page.keys.len();
        let (next, mut keys) = step(conn, cx, &at, &pattern, count).await?;
        looked_at += count;
        keys.retain(|key| !at.was_listed(key.as_str()));
        keys.sort_unstable();
        keys.dedup();
        let fits = keys.len() <= room;
        if !fits && !page.keys.is_empty() {
            // the page ends before this step
            page.next = Some(at.text(prefix));
            return Ok(page);
        }
        if !fits && count > 1 {
            count /= 2;
            continue;
        }
        // One bucket may hold more than a whole page: the rest comes with the next one.
        for key in keys.drain(..keys.len().min(room)) {
            at.remember(key.as_str());
            page.keys.push(key);
        }
        if fits {
            at.scan = next;
            if next == 0 {
                let Some(slot) = conn.next_node(at.slot) else { return Ok(page) };
                at = Cursor::at_node(slot);
            }
        }
        if page.keys.len() * 2 >= limit.get() || looked_at >= LOOKED_AT {
            page.next = Some(at.text(prefix));
            return Ok(page);
        }
        // nothing to be found hereabouts: larger steps
        count = match page.keys.is_empty() {
            true => (count * 2).min(STEP),
            false => fitting(limit.get() - page.keys.len()),
        };
    }
}

/// How many keys to look at for a step that likely fits: redis goes on to the end of a bucket.
fn fitting(room: usize) -> usize {
    room - room / 4
}

/// One step of SCAN on the node of the cursor: redis's next cursor, and the keys that match.
async fn step(
    conn: &Conn,
    cx: &CallContext,
    at: &Cursor,
    pattern: &str,
    count: usize,
) -> Result<(u64, Vec<Key>)> {
    let mut call = LIST.on([]);
    call.arg(at.scan.to_string()).arg(pattern).arg(count.to_string());
    let answer = call.run_at(conn, cx, Effect::Reads, At::Slot(at.slot), None).await?;
    let mut answer = answer.into_iter();
    let next = text(answer.next())?.parse().map_err(|_| strange())?;
    // what no caller can name is not listed
    let key = |reply: Reply| match reply {
        Reply::BulkString(bytes) => String::from_utf8(bytes).ok().and_then(|t| Key::stored(t).ok()),
        _ => None,
    };
    Ok((next, answer.filter_map(key).collect()))
}

/// What matches the keys that begin with `prefix`, whatever signs it has.
fn pattern(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for sign in prefix.chars() {
        if matches!(sign, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('*');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_escaped() {
        assert_eq!(pattern(""), "*");
        assert_eq!(pattern("a/ü"), "a/ü*");
        assert_eq!(pattern("*?[a-z]\\^"), "\\*\\?\\[a-z\\]\\\\^*");
    }
}
