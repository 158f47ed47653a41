//! Bindings: a grant is for a binding as a whole.

use bytes::Bytes;
use futures_util::StreamExt as _;
use ottavo_blocks::binding::{Binding, Inputs, Metadata, Operation, Response, check};
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
                scope.session.outbound.request(data.len())?;
                let answer =
                    scope.live().invoke(&scope.session.cx, &operation, data, &metadata).await?;
                check("answer", &answer.data, &answer.metadata)?;
                scope.session.outbound.bytes(answer.data.len())?;
                Ok(answer)
            })
            .await
    }

    /// As [`Binding::subscribe`]. The deadline of the session bounds the time until it stands; it goes
    /// on without one.
    pub async fn subscribe(&self) -> Result<Inputs> {
        let scope = &self.0;
        let inputs = scope
            .run("subscribe", async { scope.live().subscribe(&scope.session.cx).await })
            .await?;
        let name = scope.name().to_string();
        let told = inputs.map(move |input| {
            input.map_err(|error| error.context(format_args!("binding.subscribe on `{name}`")))
        });
        Ok(told.boxed())
    }
}
