//! One address outside as a binding: an operation is a method, metadata are headers, as in Layotto.

mod answer;
mod target;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request};
use ottavo_blocks::binding::{Binding, Capability, MAX_DATA, Metadata, Operation, Response, check};
use ottavo_blocks::egress::{Reach, Rules};
use ottavo_blocks::exchange;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Error, Result, Shutdown};

use crate::client::Client;
use crate::options::{Accept, BindingOptions};
use target::Target;

/// The operations and their methods; `create` is what every binding knows.
const OPERATIONS: [(&str, Method); 9] = [
    ("create", Method::POST),
    ("get", Method::GET),
    ("head", Method::HEAD),
    ("post", Method::POST),
    ("put", Method::PUT),
    ("patch", Method::PATCH),
    ("delete", Method::DELETE),
    ("options", Method::OPTIONS),
    ("trace", Method::TRACE),
];

/// One binding.
pub(crate) struct HttpBinding {
    client: Client,
    target: Target,
    /// What every request has; a caller's header of the same name gives way.
    headers: HeaderMap,
    accept: Accept,
}

impl HttpBinding {
    /// # Errors
    /// `invalid-argument` with the key that is wrong, and nothing of its value: it may be a secret.
    pub(crate) fn of(options: &BindingOptions, shutdown: &Shutdown) -> Result<HttpBinding> {
        let target = Target::parse(options.url.expose())?;
        let mut headers = HeaderMap::new();
        for (name, value) in &options.headers {
            let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                let name = name.escape_debug();
                Error::invalid(format!(
                    "`headers.{name}` is not a header: use letters, digits and `-`"
                ))
            })?;
            let mut value = HeaderValue::from_str(value.expose()).map_err(|_| {
                Error::invalid(format!("`headers.{name}` has characters that no header can have"))
            })?;
            value.set_sensitive(true);
            headers.insert(field, value);
        }
        let client = Client::new(&options.client(), shutdown)?;
        Ok(HttpBinding { client, target, headers, accept: options.accept })
    }

    fn request(&self, method: &Method, data: Bytes, metadata: &Metadata) -> Result<Request<Bytes>> {
        let (mut path, mut headers) = (None, HeaderMap::new());
        for (name, value) in metadata.pairs() {
            if name == "path" {
                path = Some(value.as_str());
                continue;
            }
            let (field, value) = header(name, value)?;
            headers.append(field, value);
        }
        exchange::strip(&mut headers);
        for ours in [HOST, CONTENT_LENGTH] {
            headers.remove(ours);
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        let mut request = Request::new(data);
        *request.method_mut() = method.clone();
        *request.uri_mut() = self.target.with(path)?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// A pair whose name begins with a capital letter.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let shown = name.escape_debug();
    let unknown = || {
        let how = "use `path`, or a header whose name begins with a capital letter";
        Error::invalid(format!("the metadata `{shown}` is unknown: {how}"))
    };
    if !name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Err(unknown());
    }
    let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unknown())?;
    let value = HeaderValue::from_str(value)
        .map_err(|_| Error::invalid(format!("the value of `{shown}` has control characters")))?;
    Ok((field, value))
}

#[async_trait]
impl Binding for HttpBinding {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn invoke(
        &self,
        cx: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        let known = OPERATIONS.iter().find(|(name, _)| *name == operation.as_str());
        let (_, method) =
            known.ok_or_else(|| operation.unknown(&OPERATIONS.map(|(name, _)| name)))?;
        check("data", &data, metadata)?;
        let request = self.request(method, data, metadata)?;
        // its operator says where it leads
        let rules = Rules { reach: Reach::Anywhere, max_body: ByteCount(MAX_DATA as u64) };
        let response = self.client.send(cx, request, rules).await?;
        answer::read(response, self.accept, method)
    }
}
