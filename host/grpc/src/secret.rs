//! The service `Secret`, as `ottavo_blocks::secret::Secrets`.

use async_trait::async_trait;
use ottavo_api::Session;
use ottavo_blocks::secret::{Bundle, Key};
use ottavo_core::Result;
use ottavo_wire::v1::secret_server::Secret;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status};

use crate::door::Door;

/// Answers the calls of the service.
pub(crate) struct SecretService(pub(crate) Door);

async fn get(session: Session, message: SecretGetRequest) -> Result<SecretGetResponse> {
    let store = session.secret(&message.store)?;
    let found = store.get(Key::parse(message.name)?, message.version.as_deref()).await?;
    Ok(SecretGetResponse { bundle: found.map(bundle) })
}

async fn get_bulk(
    session: Session,
    message: SecretGetBulkRequest,
) -> Result<SecretGetBulkResponse> {
    let all = session.secret(&message.store)?.get_bulk().await?;
    let named = |(name, found): (Key, Bundle)| SecretNamed {
        name: name.into_string(),
        bundle: Some(bundle(found)),
    };
    Ok(SecretGetBulkResponse { secrets: all.into_iter().map(named).collect() })
}

fn bundle(found: Bundle) -> SecretBundle {
    let value = |(name, value): (String, ottavo_core::Secret<_>)| SecretValue {
        name,
        data: bytes::Bytes::clone(value.expose()),
    };
    SecretBundle { version: found.version, values: found.values.into_iter().map(value).collect() }
}

#[async_trait]
impl Secret for SecretService {
    async fn get(
        &self,
        request: Request<SecretGetRequest>,
    ) -> Result<Response<SecretGetResponse>, Status> {
        self.0.call(request, get).await
    }

    async fn get_bulk(
        &self,
        request: Request<SecretGetBulkRequest>,
    ) -> Result<Response<SecretGetBulkResponse>, Status> {
        self.0.call(request, get_bulk).await
    }
}
