//! Bindings: a grant is for a binding as a whole.

use bytes::Bytes;
use ottavo_blocks::binding::{Binding, Metadata, Operation, Response, check};
use ottavo_core::Result;

use crate::scope::Scope;

/// The calls of one session on one binding, as of [`Binding`].
pub struct BindingCalls<'a>(pub(crate) Scope<'a, dyn Binding>);

impl BindingCalls<'_> {
    /// As [`Binding::invoke`].
    pub async fn invoke(
        &self,
        operation: Operation,
        data: Bytes,
        metadata: Metadata,
    ) -> Result<Response> {
        let scope = &self.0;
        scope
            .run("invoke", async {
                check("data", &data, &metadata)?;
                let answer =
                    scope.live().invoke(&scope.session.cx, &operation, data, &metadata).await?;
                check("answer", &answer.data, &answer.metadata)?;
                Ok(answer)
            })
            .await
    }
}
