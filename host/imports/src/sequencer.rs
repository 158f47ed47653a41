//! `ottavo:runtime/sequencer`: ids that are unique for ever, and grow.

use ottavo_blocks::Key;
use ottavo_blocks::sequencer::{self as block, Size};

use crate::Call;
use crate::answer::{Answer, block};
use crate::bindings::ottavo::runtime::sequencer::{Host, Order, Range};

impl Host for Call {
    async fn next(&mut self, store: String, key: String, order: Order) -> Answer<u64> {
        let (clock, session) = self.door();
        block(clock, async {
            let key = Key::parse(key)?;
            session.sequencer(&store)?.next(key, parse(order)).await
        })
        .await
    }

    async fn next_range(
        &mut self,
        store: String,
        key: String,
        order: Order,
        size: u32,
    ) -> Answer<Range> {
        let (clock, session) = self.door();
        block(clock, async {
            let (key, size) = (Key::parse(key)?, Size::parse(size)?);
            let range = session.sequencer(&store)?.next_range(key, parse(order), size).await?;
            let block::Range { first, last } = range;
            Ok(Range { first, last })
        })
        .await
    }
}

fn parse(order: Order) -> block::Order {
    match order {
        Order::Weak => block::Order::Weak,
        Order::Strong => block::Order::Strong,
    }
}
