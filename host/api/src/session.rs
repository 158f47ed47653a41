//! One caller's way to the blocks.

use std::sync::{Arc, OnceLock};

use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Caller, Error, Kind, Result};
use ottavo_registry::{Store, Stores};
use ottavo_telemetry::metrics::StoreMeter;
use ottavo_telemetry::{Action, Audit, Metrics};

use crate::binding::BindingCalls;
use crate::config::ConfigCalls;
use crate::egress::EgressCalls;
use crate::file::FileCalls;
use crate::invoke::InvokeCalls;
use crate::lock::LockCalls;
use crate::outbound::Outbound;
use crate::pubsub::PubSubCalls;
use crate::scope::Scope;
use crate::secret::SecretCalls;
use crate::sequencer::SequencerCalls;
use crate::state::StateCalls;
use crate::{Grants, Outward};

/// The runtime APIs over all configured stores.
pub struct Api {
    pub(crate) stores: Arc<Stores>,
    /// One for each store, at its place.
    meters: Vec<Arc<StoreMeter>>,
    /// Told of each denied grant.
    audit: Audit,
    outward: OnceLock<Outward>,
}

impl Api {
    /// Serves these stores, and counts their calls.
    pub fn new(stores: Arc<Stores>, metrics: &Metrics) -> Arc<Api> {
        Api::audited(stores, metrics, Audit::default())
    }

    /// The same, with denials in this audit log.
    pub fn audited(stores: Arc<Stores>, metrics: &Metrics, audit: Audit) -> Arc<Api> {
        let infos = stores.infos().into_iter();
        let meters = infos.map(|info| metrics.store(info.block, info.name.as_str(), info.driver));
        Arc::new(Api { meters: meters.collect(), stores, audit, outward: OnceLock::new() })
    }

    /// The stores behind it.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }

    /// Says where functions and the outside are: once, before anybody calls.
    pub fn connect(&self, outward: Outward) {
        let first = self.outward.set(outward).is_ok();
        debug_assert!(first, "the way outward is known already");
    }

    pub(crate) fn outward(&self) -> Result<&Outward> {
        let none = || Error::new(Kind::Unavailable, "this host has no way to functions or outside");
        self.outward.get().ok_or_else(none)
    }

    /// The meter of the store at this place.
    pub(crate) fn meter(&self, place: usize) -> &StoreMeter {
        &self.meters[place]
    }
}

/// The calls of one caller, within its grants and its deadline. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    pub(crate) api: Arc<Api>,
    pub(crate) cx: CallContext,
    pub(crate) grants: Arc<Grants>,
    pub(crate) outbound: Outbound,
}

impl Session {
    /// Calls by `cx.caller`, which holds `grants`.
    pub fn new(api: Arc<Api>, cx: CallContext, grants: Arc<Grants>) -> Session {
        Session { api, cx, grants, outbound: Outbound::default() }
    }

    /// The same with at most so many requests to the outside, to functions, to apps and to bindings, and
    /// so much in their bodies and those of their answers together.
    #[must_use]
    pub fn with_outbound(mut self, calls: u32, bytes: ByteCount) -> Session {
        self.outbound = Outbound::new(calls, bytes);
        self
    }

    /// Who calls, and until when.
    pub fn context(&self) -> &CallContext {
        &self.cx
    }

    /// Functions and apps, by name.
    pub fn invoke(&self) -> InvokeCalls<'_> {
        InvokeCalls::new(self)
    }

    /// HTTP to the outside.
    pub fn egress(&self) -> EgressCalls<'_> {
        EgressCalls::new(self)
    }

    /// The store of secrets of this name.
    ///
    /// # Errors
    /// `denied` without a grant for any of its names, `not-found` when it is not configured.
    pub fn secret(&self, store: &str) -> Result<SecretCalls<'_>> {
        self.scope("secret", store, Stores::secret).map(SecretCalls)
    }

    /// The store of configuration of this name.
    ///
    /// # Errors
    /// `denied` without a grant for any of its keys, `not-found` when it is not configured.
    pub fn config(&self, store: &str) -> Result<ConfigCalls<'_>> {
        self.scope("config", store, Stores::config).map(ConfigCalls)
    }

    /// The binding of this name.
    ///
    /// # Errors
    /// `denied` without a grant, `not-found` when it is not configured.
    pub fn binding(&self, binding: &str) -> Result<BindingCalls<'_>> {
        self.scope("binding", binding, Stores::binding).map(BindingCalls)
    }

    /// The state store of this name.
    ///
    /// # Errors
    /// `denied` without a grant for any of its keys, `not-found` when it is not configured.
    pub fn state(&self, store: &str) -> Result<StateCalls<'_>> {
        self.scope("state", store, Stores::state).map(StateCalls)
    }

    /// The store of locks of this name.
    ///
    /// # Errors
    /// As [`Session::state`].
    pub fn lock(&self, store: &str) -> Result<LockCalls<'_>> {
        self.scope("lock", store, Stores::lock).map(LockCalls)
    }

    /// The store of ids of this name.
    ///
    /// # Errors
    /// As [`Session::state`].
    pub fn sequencer(&self, store: &str) -> Result<SequencerCalls<'_>> {
        self.scope("sequencer", store, Stores::sequencer).map(SequencerCalls)
    }

    /// The pub/sub store of this name.
    ///
    /// # Errors
    /// `denied` without a grant for any of its topics, `not-found` when it is not configured.
    pub fn pubsub(&self, store: &str) -> Result<PubSubCalls<'_>> {
        self.scope("pubsub", store, Stores::pubsub).map(PubSubCalls)
    }

    /// The store of files of this name.
    ///
    /// # Errors
    /// As [`Session::state`].
    pub fn file(&self, store: &str) -> Result<FileCalls<'_>> {
        self.scope("file", store, Stores::file).map(FileCalls)
    }

    /// The same, once the audit log has it when it is a denied grant.
    pub(crate) fn told<T>(&self, allowed: Result<T>) -> Result<T> {
        if let Err(error) = &allowed
            && error.kind() == Kind::Denied
        {
            let who = match &self.cx.caller {
                Caller::Function(name) => format!("function {name}"),
                Caller::App(name) => format!("app {name}"),
                Caller::Anonymous => "anonymous".to_owned(),
            };
            self.api.audit.refused(Action::Grant, &who, error.message());
        }
        allowed
    }

    /// One store of a block, within the grant for it.
    fn scope<S: ?Sized>(
        &self,
        block: &'static str,
        store: &str,
        find: for<'s> fn(&'s Stores, &str) -> Result<&'s Store<S>>,
    ) -> Result<Scope<'_, S>> {
        let grant = self.told(self.grants.of(&self.cx.caller, block, store))?;
        Ok(Scope::new(self, block, find(&self.api.stores, store)?, grant))
    }
}
