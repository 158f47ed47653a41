//! `ottavo:runtime/secret`: secrets in named stores.

use ottavo_blocks::secret::{self as block, Key};

use crate::Call;
use crate::answer::{Answer, block};
use crate::bindings::ottavo::runtime::secret::{Bundle, Host};

impl Host for Call {
    async fn get(
        &mut self,
        store: String,
        name: String,
        version: Option<String>,
    ) -> Answer<Option<Bundle>> {
        let (clock, session) = self.door();
        block(clock, async {
            let name = Key::parse(name)?;
            Ok(session.secret(&store)?.get(name, version.as_deref()).await?.map(bundle))
        })
        .await
    }

    async fn get_bulk(&mut self, store: String) -> Answer<Vec<(String, Bundle)>> {
        let (clock, session) = self.door();
        block(clock, async {
            let all = session.secret(&store)?.get_bulk().await?;
            Ok(all.into_iter().map(|(name, found)| (name.into_string(), bundle(found))).collect())
        })
        .await
    }
}

fn bundle(found: block::Bundle) -> Bundle {
    let values = found.values.into_iter();
    let values = values.map(|(name, value)| (name, value.expose().to_vec())).collect();
    Bundle { version: found.version, values }
}
