//! The keys of one case, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller};

use super::Harness;
use crate::Key;
use crate::sequencer::{Capability, MAX_ID, Order, Range, Sequencer, Size};
use crate::suite::{self, Verdict, ensure, ok};

/// Keys that no other case touches.
pub(crate) struct Space {
    store: Arc<dyn Sequencer>,
    prefix: String,
}

impl suite::Space for Space {
    type Store = dyn Sequencer;
    type Capability = Capability;

    fn claimed(store: &dyn Sequencer) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(case: &str, harness: &Harness) -> Space {
        Space {
            store: Arc::clone(&harness.store),
            prefix: format!("suite/{case}/{:016x}/", fastrand::u64(..)),
        }
    }
}

impl Space {
    fn key(&self, name: &str) -> Key {
        Key::parse(format!("{}{name}", self.prefix)).expect("cases use valid names")
    }

    fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) async fn next(&self, name: &str, order: Order) -> Verdict<u64> {
        let id = self.store.next(&self.cx(), &self.key(name), order).await;
        let id = ok(id, &format!("next of `{name}`, {order:?}"))?;
        ensure!((1..=MAX_ID).contains(&id), "{id} is no id");
        Ok(id)
    }

    /// A range of the size that was asked for.
    pub(super) async fn range(&self, name: &str, order: Order, size: u32) -> Verdict<Range> {
        let asked = Size::parse(size).expect("cases use valid sizes");
        let range = self.store.next_range(&self.cx(), &self.key(name), order, asked).await;
        let range = ok(range, &format!("next-range of `{name}`, {order:?}"))?;
        let Range { first, last } = range;
        ensure!(first >= 1 && last <= MAX_ID, "{range:?} are no ids");
        ensure!(
            last.checked_sub(first) == Some(u64::from(size) - 1),
            "{range:?} are not {size} ids"
        );
        Ok(range)
    }
}
