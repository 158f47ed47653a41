//! Secrets: a grant is for names by their beginning, and "all" means all that it covers.

use ottavo_blocks::secret::{Bundle, Key, MAX_BULK, Secrets};
use ottavo_core::{Error, KeyPrefix, Kind, Result};

use crate::scope::Scope;

/// The calls of one session on one store of secrets, as of [`Secrets`].
pub struct SecretCalls<'a>(pub(crate) Scope<'a, dyn Secrets>);

impl SecretCalls<'_> {
    /// As [`Secrets::get`].
    pub async fn get(&self, name: Key, version: Option<&str>) -> Result<Option<Bundle>> {
        let scope = &self.0;
        scope
            .run("get", async {
                scope.allow(name.as_str())?;
                let held = scope.hold(name);
                let found = scope.live().get(&scope.session.cx, &held, version).await?;
                let Some(bundle) = found else { return Ok(None) };
                check_size(bundle.size())?;
                Ok(Some(known(scope.prefix(), bundle)))
            })
            .await
    }

    /// As [`Secrets::get_bulk`], of the secrets that the grant covers.
    pub async fn get_bulk(&self) -> Result<Vec<(Key, Bundle)>> {
        let scope = &self.0;
        scope
            .run("get-bulk", async {
                let all = scope.live().get_bulk(&scope.session.cx).await?;
                let prefix = scope.prefix();
                let own = |(name, bundle): (Key, Bundle)| {
                    let name = name.without(prefix)?;
                    scope.grant().covers(name.as_str()).then(|| (name, known(prefix, bundle)))
                };
                let own: Vec<_> = all.into_iter().filter_map(own).collect();
                let sizes = own.iter().map(|(name, bundle)| name.as_str().len() + bundle.size());
                check_size(sizes.sum())?;
                Ok(own)
            })
            .await
    }
}

/// A bundle as the caller knows its names: a single value stands under the whole name.
fn known(prefix: &KeyPrefix, mut bundle: Bundle) -> Bundle {
    if !prefix.is_none() {
        for (name, _) in &mut bundle.values {
            if let Some(own) = name.strip_prefix(prefix.as_str()) {
                *name = own.to_owned();
            }
        }
    }
    bundle
}

fn check_size(size: usize) -> Result<()> {
    if size <= MAX_BULK {
        return Ok(());
    }
    let message =
        format!("the secrets have {size} bytes, over {MAX_BULK}: ask for them one by one");
    Err(Error::new(Kind::TooLarge, message).with_detail("limit", MAX_BULK.to_string()))
}
