//! Listing keys, a few steps of SCAN for each page, node by node in a cluster.

use ottavo_blocks::state::{Key, KeyPage, PageLimit};
use ottavo_core::{CallContext, Result};
use redis::Value as Reply;
use redis::cluster_routing::{Route, SingleNodeRoutingInfo, SlotAddr};

use super::cursor::Cursor;
use super::reply::text;
use super::scripts::LIST;
use crate::conn::{Answer, Conn, Effect};
use crate::error::strange;

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
                let Some(node) = next_node(conn, cx, at.slot).await? else { return Ok(page) };
                at = node;
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
    call.arg(at.scan.to_string()).arg(pattern.to_owned()).arg(count.to_string());
    let node = conn
        .is_cluster()
        .then(|| SingleNodeRoutingInfo::SpecificNode(Route::new(at.slot, SlotAddr::Master)));
    let answer = call.run_at(conn, cx, Effect::Reads, node.as_ref()).await?;
    let mut answer = answer.into_iter();
    let next = text(answer.next())?.parse().map_err(|_| strange())?;
    // what no caller can name is not listed
    let key = |reply: Reply| match reply {
        Reply::BulkString(bytes) => String::from_utf8(bytes).ok().and_then(|t| Key::stored(t).ok()),
        _ => None,
    };
    Ok((next, answer.filter_map(key).collect()))
}

/// The master whose first slot comes after `slot`, in a cluster.
async fn next_node(conn: &Conn, cx: &CallContext, slot: u16) -> Result<Option<Cursor>> {
    if !conn.is_cluster() {
        return Ok(None);
    }
    let mut command = redis::cmd("CLUSTER");
    command.arg("SLOTS");
    let Answer::Value(Reply::Array(ranges)) =
        conn.call(cx, &command, Effect::Reads, 0, Some(&SingleNodeRoutingInfo::Random)).await?
    else {
        return Err(strange());
    };
    let mut firsts = std::collections::BTreeMap::new();
    for range in ranges {
        let (first, master) = range_of(range).ok_or_else(strange)?;
        let least = firsts.entry(master).or_insert(first);
        *least = first.min(*least);
    }
    Ok(firsts.into_values().filter(|first| *first > slot).min().map(Cursor::at_node))
}

/// The first slot of a range, and the id of its master.
fn range_of(range: Reply) -> Option<(u16, String)> {
    let Reply::Array(range) = range else { return None };
    let Reply::Int(first) = range.first()? else { return None };
    let Reply::Array(master) = range.get(2)? else { return None };
    let id = text(master.get(2).cloned()).ok()?;
    Some((u16::try_from(*first).ok()?, id))
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
