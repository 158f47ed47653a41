//! `ottavo:runtime/binding`: whatever else is outside.

use ottavo_blocks::binding::{Metadata, Operation};

use crate::Call;
use crate::answer::{Answer, Pairs, block};
use crate::bindings::ottavo::runtime::binding::{Host, Response};

impl Host for Call {
    async fn invoke(
        &mut self,
        binding: String,
        operation: String,
        data: Vec<u8>,
        metadata: Pairs,
    ) -> Answer<Response> {
        let (clock, session) = self.door();
        block(clock, async {
            let (operation, metadata) = (Operation::parse(operation)?, Metadata::parse(metadata)?);
            let calls = session.binding(&binding)?;
            let answer = calls.invoke(operation, data.into(), metadata).await?;
            Ok(Response { data: answer.data.into(), metadata: answer.metadata.into_pairs() })
        })
        .await
    }
}
