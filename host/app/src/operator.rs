//! The stores as the operator reaches them through the deploy socket: the rule book with every grant.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ottavo_admin::deploy::Stores;
use ottavo_api::{Api, Grants, Session};
use ottavo_blocks::Options;
use ottavo_blocks::pubsub::{Message, Topic};
use ottavo_blocks::state::{Entry, Etag, Expiry, Key, PageLimit, Precondition, Removal};
use ottavo_control::{
    EventsReply, EventsRequest, StateExpiry, StateReply, StateRequest, StateValue,
};
use ottavo_core::{CallContext, Caller, Error, Result};

use crate::redrive;

/// For one call on a store.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Whoever may open the deploy socket.
pub(crate) struct Operator {
    pub(crate) api: Arc<Api>,
    pub(crate) grants: Arc<Grants>,
}

impl Operator {
    fn session(&self, request_id: Arc<str>) -> Session {
        let cx = CallContext::new(request_id, Caller::Anonymous, TIMEOUT);
        Session::new(Arc::clone(&self.api), cx, Arc::clone(&self.grants))
    }
}

#[async_trait]
impl Stores for Operator {
    async fn state(
        &self,
        request_id: Arc<str>,
        store: &str,
        request: StateRequest,
    ) -> Result<StateReply> {
        let session = self.session(request_id);
        let calls = session.state(store)?;
        Ok(match request {
            StateRequest::Get { key } => {
                let value = calls.get(Key::parse(key)?, Options::default()).await?;
                let value = value.map(|value| StateValue {
                    data: value.data.into(),
                    etag: value.etag.into_string(),
                });
                StateReply::Get { value }
            }
            StateRequest::Set { key, value, if_match, if_absent, expires } => {
                let mut entry = Entry::new(Key::parse(key)?, value);
                entry.precondition = match (if_match, if_absent) {
                    (Some(_), true) => {
                        let message = "`if_match` and `if_absent` exclude each other: give one";
                        return Err(Error::invalid(message));
                    }
                    (Some(etag), false) => Precondition::Match(Etag::parse(etag)?),
                    (None, true) => Precondition::Absent,
                    (None, false) => Precondition::Any,
                };
                entry.expiry = match expires {
                    StateExpiry::Keep => Expiry::Keep,
                    StateExpiry::Never => Expiry::Never,
                    StateExpiry::After(span) => Expiry::After(span.0),
                };
                StateReply::Set { etag: calls.set(entry).await?.into_string() }
            }
            StateRequest::Delete { key, if_match } => {
                let precondition = match if_match {
                    Some(etag) => Precondition::Match(Etag::parse(etag)?),
                    None => Precondition::Any,
                };
                calls.delete(Removal { key: Key::parse(key)?, precondition }).await?;
                StateReply::Delete
            }
            StateRequest::List { prefix, cursor, limit } => {
                let limit = PageLimit::parse(limit)?;
                let page = calls.list_keys(&prefix, cursor.as_deref(), limit).await?;
                let keys = page.keys.into_iter().map(Key::into_string).collect();
                StateReply::List { keys, next: page.next }
            }
        })
    }

    async fn events(
        &self,
        request_id: Arc<str>,
        store: &str,
        request: EventsRequest,
    ) -> Result<EventsReply> {
        let session = self.session(request_id);
        let calls = session.pubsub(store)?;
        match request {
            EventsRequest::Publish { topic, data, content_type } => {
                let message = Message::new(content_type, data);
                let id = calls.publish(Topic::parse(topic)?, message).await?;
                Ok(EventsReply::Publish { id: id.into_string() })
            }
            EventsRequest::Redrive { from, to, limit, before } => {
                let to = to.map(Topic::parse).transpose()?;
                redrive::run(&calls, Topic::parse(from)?, to, limit, before).await
            }
        }
    }
}
