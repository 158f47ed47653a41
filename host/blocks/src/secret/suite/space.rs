//! The store of a case, with the calls that cases make most.

use std::sync::Arc;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Caller};

use super::{Capability, Harness, Secrets};
use crate::secret::{Bundle, Key};
use crate::suite::{Verdict, equal, ok};

/// The whole store: nobody writes to it.
pub(crate) struct Space {
    pub(super) store: Arc<dyn Secrets>,
}

impl crate::suite::Space for Space {
    type Store = dyn Secrets;
    type Capability = Capability;

    fn claimed(store: &dyn Secrets) -> &'static [Capability] {
        store.capabilities()
    }

    fn new(_: &str, harness: &Harness) -> Space {
        Space { store: Arc::clone(&harness.store) }
    }
}

impl Space {
    pub(super) fn cx(&self) -> CallContext {
        CallContext::new(new_request_id(), Caller::Anonymous, Duration::from_secs(60))
    }

    pub(super) async fn get(&self, name: &str) -> Verdict<Option<Bundle>> {
        let got = self.store.get(&self.cx(), &key(name), None).await;
        ok(got, &format!("get `{name}`"))
    }

    /// The names and values under a name that must exist.
    pub(super) async fn values(&self, name: &str) -> Verdict<Vec<(String, String)>> {
        let bundle = self.get(name).await?;
        let bundle = bundle.ok_or_else(|| format!("get `{name}`: expected a secret, got none"))?;
        Ok(texts(bundle))
    }

    pub(super) async fn expect_missing(&self, name: &str) -> Verdict {
        equal!(self.get(name).await?, None, "get `{name}`");
        Ok(())
    }
}

pub(super) fn key(name: &str) -> Key {
    Key::parse(name).expect("cases use valid names")
}

/// By name; cases compare them, and a failure shows them: none is of any use.
pub(super) fn texts(bundle: Bundle) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let mut values: Vec<_> =
        bundle.values.into_iter().map(|(name, value)| (name, text(value.expose()))).collect();
    values.sort();
    values
}
