//! The paths of the deploy API.

use std::sync::Arc;

use http::{Method, StatusCode};
use hyper::body::Incoming;
use ottavo_control::{
    ArtifactReply, DeployReply, DeployRequest, FunctionInfo, FunctionList, HostInfo,
};
use ottavo_core::units::ByteCount;
use ottavo_core::{Digest, Result};
use ottavo_functions::{Functions, Info};

use super::{body, invoke};
use crate::reply::{self, Answer};

/// The largest JSON body that carries no artifact.
const MAX_JSON: ByteCount = ByteCount::mib(1);

/// Answers requests.
pub(super) struct Api {
    pub(super) functions: Arc<Functions>,
    pub(super) host: HostInfo,
    pub(super) max_upload: ByteCount,
}

/// What a path is, apart from the method.
#[derive(Debug, PartialEq, Eq)]
enum Place<'p> {
    Host,
    Artifact(&'p str),
    Functions,
    Invoke(&'p str),
}

impl Place<'_> {
    fn of(path: &str) -> Option<Place<'_>> {
        let mut parts = path.strip_prefix("/v1/")?.split('/');
        let place = match (parts.next()?, parts.next(), parts.next()) {
            ("host", None, None) => Place::Host,
            ("artifacts", Some(digest), None) => Place::Artifact(digest),
            ("functions", None, None) => Place::Functions,
            ("functions", Some(name), Some("invoke")) => Place::Invoke(name),
            _ => return None,
        };
        parts.next().is_none().then_some(place)
    }

    fn methods(&self) -> &'static str {
        match self {
            Place::Host => "GET",
            Place::Artifact(_) => "PUT",
            Place::Functions => "GET, POST",
            Place::Invoke(_) => "POST",
        }
    }
}

impl Api {
    pub(super) async fn answer(self: Arc<Api>, request: http::Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let Some(place) = Place::of(path) else { return reply::no_such_path(path) };
        let done = match (&place, &head.method) {
            (Place::Host, &Method::GET) => Ok(reply::json(StatusCode::OK, &self.host)),
            (Place::Artifact(digest), &Method::PUT) => self.put_artifact(digest, body).await,
            (Place::Functions, &Method::GET) => Ok(self.list()),
            (Place::Functions, &Method::POST) => self.deploy(body).await,
            (Place::Invoke(name), &Method::POST) => self.invoke(name, body).await,
            _ => Ok(reply::wrong_method(place.methods())),
        };
        done.unwrap_or_else(|error| reply::error(&error))
    }

    async fn put_artifact(&self, digest: &str, body: Incoming) -> Result<Answer> {
        let digest: Digest = digest.parse()?;
        let bytes = body::read(body, self.max_upload).await?;
        let size = bytes.len() as u64;
        self.functions.put_artifact(digest, bytes).await?;
        Ok(reply::json(StatusCode::OK, &ArtifactReply { digest, size }))
    }

    async fn deploy(&self, body: Incoming) -> Result<Answer> {
        let DeployRequest { manifest, artifact, accept } = body::json(body, MAX_JSON).await?;
        let deployed = self.functions.deploy(manifest, artifact, accept).await?;
        let reply = DeployReply {
            function: info(deployed.info),
            changed: deployed.changed,
            granted: deployed.granted,
            added: deployed.added,
        };
        Ok(reply::json(StatusCode::OK, &reply))
    }

    fn list(&self) -> Answer {
        let functions = self.functions.list().into_iter().map(info).collect();
        reply::json(StatusCode::OK, &FunctionList { functions })
    }

    async fn invoke(&self, name: &str, body: Incoming) -> Result<Answer> {
        let request = body::json(body, self.max_upload).await?;
        let reply = invoke::call(&self.functions, name, request).await?;
        Ok(reply::json(StatusCode::OK, &reply))
    }
}

fn info(info: Info) -> FunctionInfo {
    let Info { name, description, version, digest, size, deployed_at, http, limits } = info;
    let limits = limits.into();
    FunctionInfo { name, description, version, digest, size, deployed_at, http, limits }
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
        let none =
            ["/", "/v1", "/v1/", "/v1/host/", "/v2/host", "/v1/functions/a", "/v1/artifacts"];
        for path in none.into_iter().chain(["/v1/functions/a/invoke/b", "/v1/artifacts/a/b"]) {
            assert_eq!(Place::of(path), None, "{path}");
        }
    }
}
