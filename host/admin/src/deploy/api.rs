//! The paths of the deploy API.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use ottavo_control::{
    ArtifactReply, DeployReply, DeployRequest, FunctionInfo, FunctionList, HostInfo, Share,
};
use ottavo_core::context::new_request_id;
use ottavo_core::units::ByteCount;
use ottavo_core::{Digest, Error, Result};
use ottavo_functions::{Candidate, Functions, Info};
use ottavo_telemetry::{Action, Audit};

use super::guard::Guard;
use super::logs::{Lines, Logs};
use super::{Bounds, Stores, body, delete, describe, invoke, state, traffic};
use crate::reply::{self, Answer};
use crate::serve::{Link, Peer};

/// The largest JSON body that carries no artifact.
const MAX_JSON: ByteCount = ByteCount::mib(1);

/// Names a request in its answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What goes out: whole, or lines of a log as they come.
pub(super) type ApiAnswer = Response<Either<Full<Bytes>, Lines>>;

/// Answers requests.
pub(super) struct Api {
    pub(super) functions: Arc<Functions>,
    pub(super) stores: Arc<dyn Stores>,
    pub(super) host: HostInfo,
    pub(super) bounds: Bounds,
    pub(super) logs: Logs,
    pub(super) audit: Audit,
}

/// What a path is, apart from the method.
#[derive(Debug, PartialEq, Eq)]
enum Place<'p> {
    Host,
    Artifact(&'p str),
    Functions,
    Function(&'p str),
    Versions(&'p str),
    Version(&'p str, &'p str),
    Invoke(&'p str),
    Logs(&'p str),
    State(&'p str),
    Events(&'p str),
}

impl Place<'_> {
    fn of(path: &str) -> Option<Place<'_>> {
        let mut parts = path.strip_prefix("/v1/")?.split('/');
        let (first, second, third, fourth) =
            (parts.next()?, parts.next(), parts.next(), parts.next());
        let place = match (first, second, third) {
            ("functions", Some(name), Some("versions")) => match fourth {
                Some(version) => Place::Version(name, version),
                None => Place::Versions(name),
            },
            _ if fourth.is_some() => return None,
            ("host", None, None) => Place::Host,
            ("artifacts", Some(digest), None) => Place::Artifact(digest),
            ("functions", None, None) => Place::Functions,
            ("functions", Some(name), None) if !name.is_empty() => Place::Function(name),
            ("functions", Some(name), Some("invoke")) => Place::Invoke(name),
            ("functions", Some(name), Some("logs")) => Place::Logs(name),
            ("state", Some(store), None) if !store.is_empty() => Place::State(store),
            ("pubsub", Some(store), None) if !store.is_empty() => Place::Events(store),
            _ => return None,
        };
        parts.next().is_none().then_some(place)
    }

    fn methods(&self) -> &'static str {
        match self {
            Place::Host => "GET",
            Place::Artifact(_) => "PUT",
            Place::Functions => "GET, POST",
            Place::Function(_) => "GET, DELETE",
            Place::Versions(_) => "GET, POST",
            Place::Version(..) => "DELETE",
            Place::Invoke(_) | Place::Logs(_) | Place::State(_) | Place::Events(_) => "POST",
        }
    }
}

impl Api {
    pub(super) async fn answer(
        self: Arc<Api>,
        request: Request<Incoming>,
        guard: Guard,
    ) -> ApiAnswer {
        let id = new_request_id();
        let from = request.extensions().get().copied().unwrap_or(Peer::Unknown);
        let answered = match guard.who(request.headers(), from, &self.audit) {
            Ok(who) => self.route(request, &id, &who).await,
            Err(refused) => Err(refused),
        };
        let mut answer = answered.unwrap_or_else(|error| {
            whole(reply::error(&match error.detail("request-id") {
                Some(_) => error,
                None => error.with_detail("request-id", &*id),
            }))
        });
        let value = HeaderValue::from_str(&id).expect("a new id is of letters and digits");
        answer.headers_mut().insert(REQUEST_ID, value);
        answer
    }

    async fn route(
        &self,
        request: Request<Incoming>,
        id: &Arc<str>,
        who: &str,
    ) -> Result<ApiAnswer> {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let Some(place) = Place::of(path) else {
            return Err(Error::not_found(format!("nothing is at `{}`", path.escape_debug())));
        };
        let functions = &self.functions;
        let answer = match (&place, &head.method) {
            (Place::Host, &Method::GET) => reply::json(StatusCode::OK, &self.host),
            (Place::Artifact(digest), &Method::PUT) => self.put_artifact(digest, body).await?,
            (Place::Functions, &Method::GET) => self.list(),
            (Place::Functions, &Method::POST) => self.deploy(body, who).await?,
            (Place::Function(name), &Method::GET) => {
                reply::json(StatusCode::OK, &describe::function(functions, name).await?)
            }
            (Place::Function(name), &Method::DELETE) => {
                let deleted = delete::function(functions, name).await;
                self.audit.record(Action::Delete, who, name, &deleted);
                reply::json(StatusCode::OK, &deleted?)
            }
            (Place::Versions(name), &Method::GET) => {
                reply::json(StatusCode::OK, &traffic::versions(functions, name).await?)
            }
            (Place::Versions(name), &Method::POST) => {
                let request = body::json(body, MAX_JSON).await?;
                let (action, what) = traffic::words(name, &request);
                let changed = traffic::change(functions, name, request).await;
                self.audit.record(action, who, &what, &changed);
                reply::json(StatusCode::OK, &changed?)
            }
            (Place::Version(name, version), &Method::DELETE) => {
                let version = traffic::number(version)?;
                let deleted = delete::version(functions, name, version).await;
                self.audit.record(Action::Delete, who, &format!("{name} v{version}"), &deleted);
                reply::json(StatusCode::OK, &deleted?)
            }
            (Place::Invoke(name), &Method::POST) => self.invoke(name, body, id).await?,
            (Place::Logs(name), &Method::POST) => {
                let wanted = body::json(body, MAX_JSON).await?;
                let lines = self.logs.of(functions, name, wanted)?;
                if lines.follows()
                    && let Some(link) = head.extensions.get::<Link>()
                {
                    link.streams();
                }
                return Ok(lines.answer());
            }
            (Place::State(store), &Method::POST) => {
                let request = body::json(body, state::MAX_REQUEST).await?;
                let reply = self.stores.state(Arc::clone(id), store, request).await?;
                reply::json(StatusCode::OK, &reply)
            }
            (Place::Events(store), &Method::POST) => {
                let request = body::json(body, state::MAX_REQUEST).await?;
                let reply = self.stores.events(Arc::clone(id), store, request).await?;
                reply::json(StatusCode::OK, &reply)
            }
            _ => reply::wrong_method(place.methods()),
        };
        Ok(whole(answer))
    }

    async fn put_artifact(&self, digest: &str, body: Incoming) -> Result<Answer> {
        let digest: Digest = digest.parse()?;
        let mut upload = match self.functions.receive(digest) {
            Ok(upload) => upload,
            Err(refused) => return Err(body::refuse(body, refused).await),
        };
        let Bounds { max_upload, upload_timeout } = self.bounds;
        body::pieces(body, max_upload, upload_timeout.0, |piece| upload.write(piece)).await?;
        let size = upload.keep()?;
        Ok(reply::json(StatusCode::OK, &ArtifactReply { digest, size }))
    }

    async fn deploy(&self, body: Incoming, who: &str) -> Result<Answer> {
        let request: DeployRequest = body::json(body, MAX_JSON).await?;
        let what = format!("{} {}", request.manifest.name, request.artifact.short());
        let deployed = deploy(&self.functions, request).await;
        let what = match &deployed {
            Ok(reply) => format!("{what} v{}: {}", reply.function.version, reply.granted),
            Err(_) => what,
        };
        self.audit.record(Action::Deploy, who, &what, &deployed);
        Ok(reply::json(StatusCode::OK, &deployed?))
    }

    fn list(&self) -> Answer {
        let functions = self.functions.list().into_iter().map(info).collect();
        reply::json(StatusCode::OK, &FunctionList { functions })
    }

    async fn invoke(&self, name: &str, body: Incoming, id: &Arc<str>) -> Result<Answer> {
        let request = body::json(body, invoke::MAX_REQUEST).await?;
        let reply = invoke::call(&self.functions, name, request, id).await?;
        Ok(reply::json(StatusCode::OK, &reply))
    }
}

fn whole(answer: Answer) -> ApiAnswer {
    answer.map(Either::Left)
}

/// Makes an uploaded artifact a version of a function.
///
/// # Errors
/// What is wrong with the manifest or the artifact; the version before stays.
pub async fn deploy(functions: &Functions, request: DeployRequest) -> Result<DeployReply> {
    let DeployRequest { manifest, artifact, accept, activate, smoke, signature } = request;
    let candidate = Candidate { manifest, artifact, accept, activate, smoke, signature };
    let deployed = functions.deploy(candidate).await?;
    Ok(DeployReply {
        function: info(deployed.info),
        changed: deployed.changed,
        active: deployed.active,
        granted: deployed.granted,
        added: deployed.added,
    })
}

pub(super) fn info(info: Info) -> FunctionInfo {
    FunctionInfo {
        name: info.name,
        description: info.description,
        version: info.version,
        digest: info.digest,
        size: info.size,
        deployed_at: info.deployed_at,
        http: info.http,
        subscribe: info.subscribe,
        schedule: info.schedule,
        watch: info.watch,
        binding: info.binding,
        limits: info.limits.into(),
        signed_by: info.signed_by,
        shares: info
            .shares
            .into_iter()
            .map(|(version, percent)| Share { version, percent })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_exact() {
        assert_eq!(Place::of("/v1/host"), Some(Place::Host));
        assert_eq!(Place::of("/v1/artifacts/ab"), Some(Place::Artifact("ab")));
        assert_eq!(Place::of("/v1/functions"), Some(Place::Functions));
        assert_eq!(Place::of("/v1/functions/a/invoke"), Some(Place::Invoke("a")));
        assert_eq!(Place::of("/v1/functions/a"), Some(Place::Function("a")));
        assert_eq!(Place::of("/v1/functions/a/logs"), Some(Place::Logs("a")));
        assert_eq!(Place::of("/v1/functions/a/versions"), Some(Place::Versions("a")));
        assert_eq!(Place::of("/v1/functions/a/versions/2"), Some(Place::Version("a", "2")));
        assert_eq!(Place::of("/v1/state/a"), Some(Place::State("a")));
        assert_eq!(Place::of("/v1/pubsub/a"), Some(Place::Events("a")));
        let none = ["/", "/v1", "/v1/", "/v1/host/", "/v2/host", "/v1/functions/", "/v1/artifacts"];
        let more = [
            "/v1/functions/a/invoke/b",
            "/v1/functions/a/versions/2/b",
            "/v1/artifacts/a/b",
            "/v1/state",
            "/v1/state/a/b",
        ];
        for path in none.into_iter().chain(more) {
            assert_eq!(Place::of(path), None, "{path}");
        }
    }
}
