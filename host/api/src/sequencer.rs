//! Ids: which keys a grant covers, and the prefix that the store has for them. Grants and errors
//! speak of the caller's keys, the driver of prefixed ones.

use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{Order, Range, Sequencer, Size};
use ottavo_core::Result;

use crate::scope::Scope;

/// The calls of one session on one store of ids, as of [`Sequencer`].
pub struct SequencerCalls<'a>(pub(crate) Scope<'a, dyn Sequencer>);

impl SequencerCalls<'_> {
    /// As [`Sequencer::next`].
    pub async fn next(&self, key: Key, order: Order) -> Result<u64> {
        let scope = &self.0;
        scope
            .run("next", async {
                scope.allow(key.as_str())?;
                scope.live().next(&scope.session.cx, &scope.hold(key), order).await
            })
            .await
    }

    /// As [`Sequencer::next_range`].
    pub async fn next_range(&self, key: Key, order: Order, size: Size) -> Result<Range> {
        let scope = &self.0;
        scope
            .run("next-range", async {
                scope.allow(key.as_str())?;
                scope.live().next_range(&scope.session.cx, &scope.hold(key), order, size).await
            })
            .await
    }
}
