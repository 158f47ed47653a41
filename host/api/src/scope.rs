//! What the calls of every block share: one session on one store, within a grant for it.

use futures_util::TryFutureExt as _;
use ottavo_core::{Error, Result, StoreName};
use ottavo_registry::Store;

use crate::grants::KeyGrant;
use crate::{Session, batch, call, prefix};

/// The calls of one session on one store, `S` being the block's trait object. Grants and errors
/// speak of the caller's keys, the driver of prefixed ones.
pub(crate) struct Scope<'a, S: ?Sized> {
    pub(crate) session: &'a Session,
    store: &'a Store<S>,
    grant: &'a KeyGrant,
    block: &'static str,
}

impl<'a, S: ?Sized> Scope<'a, S> {
    pub(crate) fn new(
        session: &'a Session,
        block: &'static str,
        store: &'a Store<S>,
        grant: &'a KeyGrant,
    ) -> Scope<'a, S> {
        Scope { session, store, grant, block }
    }

    /// Runs one call under the rules of `call::run`, its error in the words of the caller.
    pub(crate) fn run<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T>>,
    ) -> impl Future<Output = Result<T>> {
        let meter = self.session.api.meter(self.store.place());
        let (block, store) = (self.block, self.store.name());
        let target = call::Target { block, operation, store, meter };
        call::run(&self.session.cx, target, call.map_err(|error| self.own(error)))
    }

    /// The driver's store.
    pub(crate) fn live(&self) -> &'a S {
        self.store.live()
    }

    /// The name that callers know the store by.
    pub(crate) fn name(&self) -> &'a StoreName {
        self.store.name()
    }

    /// Which of its keys may be used.
    pub(crate) fn grant(&self) -> &'a KeyGrant {
        self.grant
    }

    /// The prefix that the store has for its keys.
    pub(crate) fn prefix(&self) -> &'a ottavo_core::KeyPrefix {
        self.store.key_prefix()
    }

    /// As the driver holds it.
    pub(crate) fn hold<T: prefix::Prefixed>(&self, item: T) -> T {
        item.within(self.store.key_prefix())
    }

    /// Fails unless the key is within the grant.
    pub(crate) fn allow(&self, key: &str) -> Result<()> {
        let caller = &self.session.cx.caller;
        self.session.told(self.grant.check(caller, self.block, self.store.name(), key))
    }

    /// Fails unless every key that begins with `prefix` is.
    pub(crate) fn allow_all(&self, prefix: &str) -> Result<()> {
        let caller = &self.session.cx.caller;
        self.session.told(self.grant.check_all(caller, self.block, self.store.name(), prefix))
    }

    /// The items of a batch as the driver holds them. They are taken, and so decoded, only when
    /// there are not too many.
    pub(crate) fn allow_each<I: prefix::Prefixed>(
        &self,
        items: impl ExactSizeIterator<Item = Result<I>>,
        key: fn(&I) -> &str,
    ) -> Result<Vec<Result<I>>> {
        batch::check(items.len())?;
        let allow = |item: Result<I>| {
            let item = item?;
            self.allow(key(&item)).map(|()| self.hold(item))
        };
        Ok(items.map(allow).collect())
    }

    /// The outcomes of a batch, in the words of the caller.
    pub(crate) fn own_each<T>(&self, outcomes: Vec<Result<T>>) -> Vec<Result<T>> {
        let own = |outcome: Result<T>| outcome.map_err(|error| self.own(error));
        outcomes.into_iter().map(own).collect()
    }

    /// In the words of the caller.
    fn own(&self, error: Error) -> Error {
        prefix::own(self.store.key_prefix(), error)
    }
}
