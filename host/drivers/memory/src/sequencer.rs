//! Ids in memory: they begin again with the process. Nothing is taken ahead, as nothing waits.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{Capability, Order, Range, Sequencer, Size, rules};
use ottavo_core::{CallContext, Result, schema};
use ottavo_registry::{Driver, OpenContext};
use parking_lot::Mutex;
use serde_json::Value;

use crate::options::MemoryOptions;
use crate::{Memory, NAME};

#[async_trait]
impl Driver<dyn Sequencer> for Memory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn schema(&self) -> Value {
        schema::of::<MemoryOptions>()
    }

    async fn open(&self, _: OpenContext, table: Value) -> Result<Arc<dyn Sequencer>> {
        let MemoryOptions {} = ottavo_registry::options(table)?;
        Ok(Arc::new(MemorySequencer::default()))
    }
}

/// One store.
#[derive(Default)]
struct MemorySequencer {
    /// The id handed out last, of each key.
    last: Mutex<HashMap<Key, u64>>,
}

#[async_trait]
impl Sequencer for MemorySequencer {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn next_range(&self, _: &CallContext, key: &Key, _: Order, size: Size) -> Result<Range> {
        let mut keys = self.last.lock();
        if let Some(last) = keys.get_mut(key) {
            let range = rules::after(key, *last, size)?;
            *last = range.last;
            return Ok(range);
        }
        let range = rules::after(key, 0, size)?;
        keys.insert(key.clone(), range.last);
        Ok(range)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ottavo_blocks::sequencer::MAX_ID;
    use ottavo_core::{Caller, Kind};

    use super::*;

    #[tokio::test]
    async fn the_last_id_is_handed_out_and_then_none() {
        let store = MemorySequencer::default();
        let cx = CallContext::new("test".into(), Caller::Anonymous, Duration::from_secs(10));
        let key = Key::parse("a").expect("valid");
        store.last.lock().insert(key.clone(), MAX_ID - 2);
        let two = Size::parse(2).expect("valid");
        for order in [Order::Weak, Order::Strong] {
            let three = Size::parse(3).expect("valid");
            let error = store.next_range(&cx, &key, order, three).await.expect_err("too few");
            assert_eq!(error.kind(), Kind::Exhausted);
        }
        let range = store.next_range(&cx, &key, Order::Strong, two).await.expect("the last two");
        assert_eq!(range, Range { first: MAX_ID - 1, last: MAX_ID });
        let error = store.next(&cx, &key, Order::Weak).await.expect_err("none left");
        assert_eq!(error.kind(), Kind::Exhausted);
    }
}
