//! The table of all connections: who may come in, who has been quiet for too long, who must go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::link::{Link, Order};

/// A connection that was told to finish is closed after it has neither answered nor moved bytes for
/// this long.
const QUIET_AT_THE_END: Duration = Duration::from_secs(1);

/// All connections, oldest first.
#[derive(Default)]
pub(crate) struct Table {
    rows: Mutex<BTreeMap<u64, Row>>,
    empty: Notify,
}

/// How long a connection may do nothing useful.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// From the first byte of a request, or from the start of the connection, to its whole head.
    pub(crate) head: Duration,
    /// Between requests.
    pub(crate) idle: Duration,
}

impl Patience {
    /// How often to look.
    pub(crate) fn period(&self) -> Duration {
        (self.head.min(self.idle) / 4).clamp(Duration::from_millis(20), Duration::from_secs(1))
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.rows().len()
    }

    /// Adds a connection, which leaves the table when the entry is dropped.
    pub(crate) fn enter(self: &Arc<Table>, id: u64) -> Entry {
        let link = Arc::<Link>::default();
        self.rows().insert(id, Row::new(Arc::clone(&link)));
        Entry { id, link, table: Arc::clone(self) }
    }

    /// Tells the connection that was opened first, of those that answer nothing, to close; one that never
    /// sent a request before one that did, and may be about to send its next.
    pub(crate) fn evict(&self) -> bool {
        let mut rows = self.rows();
        let idle = |row: &Row| !row.leaving && !row.link.busy();
        let silent = rows.iter().find(|(_, row)| idle(row) && row.link.calls() == 0);
        let found = silent.or_else(|| rows.iter().find(|(_, row)| idle(row)));
        let found = found.map(|(id, _)| *id);
        match found.and_then(|id| rows.get_mut(&id)) {
            Some(row) => {
                row.tell(Order::Finish, Instant::now());
                true
            }
            None => false,
        }
    }

    /// Tells every connection to leave.
    pub(crate) fn leave(&self) {
        let now = Instant::now();
        self.rows().values_mut().for_each(|row| row.tell(Order::Leave, now));
    }

    /// Looks at every connection.
    pub(crate) fn sweep(&self, patience: Patience) {
        let now = Instant::now();
        for row in self.rows().values_mut() {
            match row.judge(now, patience) {
                Some(order) => row.tell(order, now),
                None => row.link.look(),
            }
        }
    }

    /// Resolves when there is no connection.
    pub(crate) async fn emptied(&self) {
        while self.len() > 0 {
            self.empty.notified().await;
        }
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<u64, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection in the table.
pub(crate) struct Entry {
    id: u64,
    pub(crate) link: Arc<Link>,
    table: Arc<Table>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut rows = self.table.rows();
        rows.remove(&self.id);
        if rows.is_empty() {
            self.table.empty.notify_one();
        }
    }
}

/// A connection, and what was seen of it at the last look.
struct Row {
    link: Arc<Link>,
    calls: u32,
    io: u32,
    /// When something last happened.
    moved: Instant,
    /// Since when a head has been awaited.
    head_since: Option<Instant>,
    /// It was told to go.
    leaving: bool,
}

impl Row {
    fn new(link: Arc<Link>) -> Row {
        let now = Instant::now();
        Row { link, calls: 0, io: 0, moved: now, head_since: Some(now), leaving: false }
    }

    fn tell(&mut self, order: Order, now: Instant) {
        self.leaving = true;
        self.moved = now;
        self.link.tell(order);
    }

    fn judge(&mut self, now: Instant, patience: Patience) -> Option<Order> {
        let (calls, io) = (self.link.calls(), self.link.io());
        let called = self.link.busy() || calls != self.calls;
        if called {
            self.head_since = None;
        }
        if called || io != self.io {
            self.moved = now;
        }
        (self.calls, self.io) = (calls, io);
        if self.link.busy() {
            return None;
        }
        if self.link.awaits_head() || self.link.has_unread() {
            let since = *self.head_since.get_or_insert(now);
            if now - since >= patience.head {
                return Some(Order::Close);
            }
        }
        let quiet = now - self.moved;
        match self.leaving {
            false => (quiet >= patience.idle).then_some(Order::Finish),
            true => (quiet >= QUIET_AT_THE_END).then_some(Order::Close),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;
    use crate::link::Call;

    const PATIENCE: Patience =
        Patience { head: Duration::from_secs(10), idle: Duration::from_secs(60) };

    fn order(entry: &Entry) -> Order {
        entry.link.order(&mut Context::from_waker(Waker::noop()))
    }

    async fn pass(table: &Table, seconds: u64) {
        for _ in 0..seconds {
            tokio::time::advance(Duration::from_secs(1)).await;
            table.sweep(PATIENCE);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_nothing_or_crawls_through_its_headers_is_closed() {
        let table = Arc::new(Table::default());
        let silent = table.enter(0);
        let slow = table.enter(1);
        for _ in 0..9 {
            slow.link.read();
            pass(&table, 1).await;
        }
        assert_eq!((order(&silent), order(&slow)), (Order::Serve, Order::Serve));
        slow.link.read();
        pass(&table, 1).await;
        assert_eq!((order(&silent), order(&slow)), (Order::Close, Order::Close));
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_finishes_and_one_with_a_call_stays() {
        let table = Arc::new(Table::default());
        let (idle, busy) = (table.enter(0), table.enter(1));
        drop(Call::begin(&idle.link, false));
        let call = Call::begin(&busy.link, false);
        pass(&table, 59).await;
        assert_eq!(order(&idle), Order::Serve);
        pass(&table, 2).await;
        assert_eq!(order(&idle), Order::Finish);
        pass(&table, 100).await;
        assert_eq!(order(&busy), Order::Serve);
        drop(call);
        pass(&table, 60).await;
        assert_eq!(order(&busy), Order::Finish);
    }

    #[tokio::test(start_paused = true)]
    async fn the_headers_of_a_later_request_have_the_same_deadline() {
        let table = Arc::new(Table::default());
        let kept = table.enter(0);
        drop(Call::begin(&kept.link, false));
        pass(&table, 30).await;
        for _ in 0..10 {
            kept.link.read();
            pass(&table, 1).await;
        }
        assert_eq!(order(&kept), Order::Serve);
        pass(&table, 1).await;
        assert_eq!(order(&kept), Order::Close);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_of_an_idle_h2_connection_are_no_headers() {
        let table = Arc::new(Table::default());
        let kept = table.enter(0);
        drop(Call::begin(&kept.link, true));
        for _ in 0..100 {
            kept.link.read();
            pass(&table, 1).await;
        }
        assert_eq!(order(&kept), Order::Serve);
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_only_calls_are_waited_for() {
        let table = Arc::new(Table::default());
        let (quiet, busy) = (table.enter(0), table.enter(1));
        let call = Call::begin(&busy.link, false);
        table.leave();
        // a request may be on its way to the quiet one
        assert_eq!((order(&quiet), order(&busy)), (Order::Leave, Order::Leave));
        pass(&table, 3).await;
        assert_eq!((order(&quiet), order(&busy)), (Order::Close, Order::Leave));
        drop((call, quiet, busy));
        table.emptied().await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_idle_connection_makes_room() {
        let table = Arc::new(Table::default());
        let (used, busy) = (table.enter(0), table.enter(1));
        let (old, new) = (table.enter(2), table.enter(3));
        drop(Call::begin(&used.link, false));
        let _call = Call::begin(&busy.link, false);
        assert!(table.evict());
        // neither has asked for anything, as the one before them did
        let all = (order(&used), order(&old), order(&new));
        assert_eq!(all, (Order::Serve, Order::Finish, Order::Serve));
        assert!(table.evict());
        assert_eq!((order(&used), order(&new)), (Order::Serve, Order::Finish));
        assert!(table.evict());
        assert!(!table.evict(), "only the busy one is left");
        assert_eq!(order(&busy), Order::Serve);
    }
}
