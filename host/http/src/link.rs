//! What the table of connections and one connection know of each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering::Relaxed};
use std::task::Context;

use futures_util::task::AtomicWaker;

/// Shared by a connection, its stream, its calls and the table. Nothing here needs to be exact to
/// the nanosecond: the table looks at it now and then, instead of a timer for each request.
#[derive(Default)]
pub(crate) struct Link {
    /// Requests begun; wraps.
    calls: AtomicU32,
    /// Requests that are being answered.
    in_flight: AtomicU32,
    /// Reads and writes that moved bytes; wraps.
    io: AtomicU32,
    /// Bytes came in that belong to no request yet.
    head: AtomicBool,
    /// An answer left some of its request unread.
    unread: AtomicBool,
    h2: AtomicBool,
    /// The answer may take long, and nobody may be reading what the client sends.
    watched: AtomicBool,
    /// It is time to see whether the client of such an answer is there.
    look: AtomicBool,
    order: AtomicU8,
    waker: AtomicWaker,
}

/// What the table tells a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Serve,
    /// The host stops: answer what is under way and what is on its way, each answer being the last of
    /// its connection.
    Leave,
    /// Finish what is under way, then close.
    Finish,
    /// Close at once.
    Close,
}

impl Link {
    pub(crate) fn calls(&self) -> u32 {
        self.calls.load(Relaxed)
    }

    pub(crate) fn io(&self) -> u32 {
        self.io.load(Relaxed)
    }

    pub(crate) fn busy(&self) -> bool {
        self.in_flight.load(Relaxed) > 0
    }

    /// Whether a request is expected whose headers have begun, or must begin now.
    pub(crate) fn awaits_head(&self) -> bool {
        self.calls() == 0 || (self.has_begun() && !self.h2.load(Relaxed))
    }

    /// Whether bytes came in that belong to no request.
    pub(crate) fn has_begun(&self) -> bool {
        self.head.load(Relaxed)
    }

    /// Whether an answer left some of its request unread.
    pub(crate) fn has_unread(&self) -> bool {
        self.unread.load(Relaxed)
    }

    pub(crate) fn read(&self) {
        self.head.store(true, Relaxed);
        self.wrote();
    }

    pub(crate) fn wrote(&self) {
        // One task moves the bytes of a connection: nothing is lost between load and store.
        self.io.store(self.io().wrapping_add(1), Relaxed);
    }

    pub(crate) fn leave_unread(&self) {
        self.unread.store(true, Relaxed);
    }

    /// From now to the end of the request, the table asks whether the client is still there. Where
    /// requests come one after the other (HTTP/1), nothing else may find out that it is not.
    pub(crate) fn watch(&self) {
        self.watched.store(true, Relaxed);
    }

    /// Wakes a connection that is watched.
    pub(crate) fn look(&self) {
        if self.watched.load(Relaxed) {
            self.look.store(true, Relaxed);
            self.waker.wake();
        }
    }

    /// Whether somebody asked, since the last time.
    pub(crate) fn takes_look(&self) -> bool {
        self.look.load(Relaxed) && self.look.swap(false, Relaxed)
    }

    /// Gives an order; the strongest one stays.
    pub(crate) fn tell(&self, order: Order) {
        self.order.fetch_max(order as u8, Relaxed);
        self.waker.wake();
    }

    /// Whether an answer is to be the last of its connection.
    pub(crate) fn is_leaving(&self) -> bool {
        self.order.load(Relaxed) != Order::Serve as u8
    }

    /// Whether requests came over HTTP/2, which has a way of its own to say that no more are taken.
    pub(crate) fn is_h2(&self) -> bool {
        self.h2.load(Relaxed)
    }

    /// The order of now; the task is woken when it changes.
    pub(crate) fn order(&self, context: &mut Context<'_>) -> Order {
        self.waker.register(context.waker());
        match self.order.load(Relaxed) {
            0 => Order::Serve,
            1 => Order::Leave,
            2 => Order::Finish,
            _ => Order::Close,
        }
    }
}

/// One request on its way; ends when it is dropped.
pub(crate) struct Call(Arc<Link>);

impl Call {
    pub(crate) fn begin(link: &Arc<Link>, h2: bool) -> Call {
        link.in_flight.fetch_add(1, Relaxed);
        link.calls.fetch_add(1, Relaxed);
        link.head.store(false, Relaxed);
        // what was left of the request before is read by now
        link.unread.store(false, Relaxed);
        link.h2.store(h2, Relaxed);
        Call(Arc::clone(link))
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.head.store(false, Relaxed);
        self.0.watched.store(false, Relaxed);
        self.0.in_flight.fetch_sub(1, Relaxed);
    }
}
