//! Apps by their ids, over HTTP.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Uri};
use ottavo_blocks::egress::{Reach, Rules};
use ottavo_blocks::exchange::{self, Response};
use ottavo_blocks::invoke::{AppId, Call, Capability, Invoke};
use ottavo_core::{CallContext, Error, Kind, Result};

use crate::client::Client;

/// An invoke store: its operator says where the apps are, so any address is fine.
pub(crate) struct HttpInvoke {
    client: Client,
    apps: BTreeMap<AppId, Base>,
}

/// Where an app's paths begin.
struct Base {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl HttpInvoke {
    pub(crate) fn new(client: Client, apps: Apps) -> HttpInvoke {
        HttpInvoke { client, apps: apps.0 }
    }
}

/// The apps of a store, checked.
pub(crate) struct Apps(BTreeMap<AppId, Base>);

impl Apps {
    /// # Errors
    /// `invalid-argument` with the app whose id or address is wrong.
    pub(crate) fn parse(table: &BTreeMap<String, String>) -> Result<Apps> {
        let read = |(id, url): (&String, &String)| {
            let id: AppId = id.parse().map_err(|error: Error| error.context("`apps`"))?;
            let base = Base::parse(url).map_err(|error| error.context(format!("`apps.{id}`")))?;
            Ok((id, base))
        };
        table.iter().map(read).collect::<Result<_>>().map(Apps)
    }
}

impl Base {
    fn parse(url: &str) -> Result<Base> {
        let uri = exchange::absolute(url)?;
        if uri.query().is_some() {
            return Err(Error::invalid(format!(
                "`{}` has a query: leave it out",
                url.escape_debug()
            )));
        }
        let path = uri.path().trim_end_matches('/').to_owned();
        let parts = uri.into_parts();
        match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority)) => Ok(Base { scheme, authority, path }),
            _ => Err(Error::invalid("no scheme or no host")),
        }
    }

    /// The address of a path of this app.
    fn at(&self, target: &Uri) -> Result<Uri> {
        let target = target.path_and_query().map_or("/", PathAndQuery::as_str);
        let built = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{target}", self.path))
            .build();
        built.map_err(|error| Error::invalid("not a path").with_source(error))
    }
}

#[async_trait]
impl Invoke for HttpInvoke {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Meeting]
    }

    fn knows(&self, app: &AppId) -> bool {
        self.apps.contains_key(app)
    }

    async fn call(&self, cx: &CallContext, app: &AppId, call: Call) -> Result<Response> {
        let Some(base) = self.apps.get(app) else { return Err(unknown(app, &self.apps)) };
        let (mut head, body) = call.request.into_parts();
        head.uri = base.at(&head.uri)?;
        let rules = Rules { reach: Reach::Anywhere, max_body: call.max_body };
        self.client.send(cx, Request::from_parts(head, body), rules).await
    }
}

fn unknown(app: &AppId, apps: &BTreeMap<AppId, Base>) -> Error {
    let known: Vec<_> = apps.keys().map(AppId::as_str).collect();
    let known = match known.is_empty() {
        true => "none is configured: add it to `apps`".to_owned(),
        false => format!("known are {}", known.join(", ")),
    };
    Error::new(Kind::NotFound, format!("no app `{app}`: {known}"))
}
