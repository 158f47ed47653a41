//! One caller's way to the blocks.

use std::sync::Arc;

use ottavo_core::{CallContext, Result};
use ottavo_registry::Stores;

use crate::Grants;
use crate::state::StateCalls;

/// The runtime APIs over all configured stores.
pub struct Api {
    stores: Stores,
}

impl Api {
    /// Serves these stores.
    pub fn new(stores: Stores) -> Arc<Api> {
        Arc::new(Api { stores })
    }

    /// The stores behind it.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }
}

/// The calls of one caller, within its grants and its deadline. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    pub(crate) api: Arc<Api>,
    pub(crate) cx: CallContext,
    pub(crate) grants: Arc<Grants>,
}

impl Session {
    /// Calls by `cx.caller`, which holds `grants`.
    pub fn new(api: Arc<Api>, cx: CallContext, grants: Arc<Grants>) -> Session {
        Session { api, cx, grants }
    }

    /// Who calls, and until when.
    pub fn context(&self) -> &CallContext {
        &self.cx
    }

    /// The state store of this name.
    ///
    /// # Errors
    /// `denied` without a grant for any of its keys, `not-found` when it is not configured.
    pub fn state(&self, store: &str) -> Result<StateCalls<'_>> {
        let grant = self.grants.state(&self.cx.caller, store)?;
        Ok(StateCalls::new(self, self.api.stores.state(store)?, grant))
    }
}
