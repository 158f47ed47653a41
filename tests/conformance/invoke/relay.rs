//! Apps and functions behind a guest.

use async_trait::async_trait;
use ottavo_blocks::exchange::{Response, pairs};
use ottavo_blocks::invoke::{AppId, Call, Capability, Invoke};
use ottavo_core::{CallContext, Result};

use super::grpc::{millis, response};
use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::{Relay, result};

/// What an id of a case is called at a door.
pub(crate) type Naming = Box<dyn Fn(&AppId) -> String + Send + Sync>;

/// Calls through a guest.
pub(crate) struct RelayInvoke {
    pub(crate) relay: Relay,
    pub(crate) target: Naming,
    pub(crate) capabilities: &'static [Capability],
}

#[async_trait]
impl Invoke for RelayInvoke {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    fn knows(&self, _app: &AppId) -> bool {
        true
    }

    async fn call(&self, cx: &CallContext, app: &AppId, call: Call) -> Result<Response> {
        let mut sent = Writer::default();
        sent.string("invoke.call").string(&(self.target)(app));
        write_call(&mut sent, cx, call);
        // the case's deadline is the call's; the guest needs a little longer to tell
        self.relay.call(&later(cx), sent, answer).await
    }

    async fn call_many(
        &self,
        cx: &CallContext,
        calls: Vec<(AppId, Call)>,
    ) -> Vec<Result<Response>> {
        let mut sent = Writer::default();
        sent.string("invoke.call-many").u32(u32::try_from(calls.len()).unwrap());
        for (app, call) in calls {
            sent.string(&(self.target)(&app));
            write_call(&mut sent, cx, call);
        }
        let each = |reader: &mut Reader| result(reader, answer);
        let outcomes = self.relay.plain(sent, |reader| reader.list(each)).await;
        outcomes.expect("a call of many does not fail as a whole")
    }
}

fn later(cx: &CallContext) -> CallContext {
    let mut later = cx.clone();
    later.deadline += std::time::Duration::from_secs(30);
    later
}

fn write_call(sent: &mut Writer, cx: &CallContext, call: Call) {
    let (head, body) = call.request.into_parts();
    sent.string(head.method.as_str()).string(&head.uri.to_string());
    sent.list(&pairs(&head.headers), |sent, (name, value)| {
        sent.string(name).string(value);
    });
    sent.bytes(&body).u8(1).u64(millis(cx));
}

fn answer(reader: &mut Reader) -> Read<Response> {
    let status = reader.u16()?;
    let headers = reader.list(|reader| Ok((reader.string()?, reader.string()?)))?;
    Ok(response(status, headers, reader.bytes()?))
}
