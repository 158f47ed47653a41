//! One snapshot of what is deployed, as requests see it.

use std::collections::HashMap;
use std::sync::Arc;

use ottavo_blocks::exchange::Body;
use ottavo_core::{Digest, Error, FunctionName, Limits, Result};
use ottavo_telemetry::metrics::RouteMeter;

use crate::answering::Answering;
use crate::routes::RouteTable;
use crate::version::Version;
use crate::{Failure, Info, Request, Response, Streamed};

/// Never changed: a deploy makes the next one.
pub(crate) struct Table {
    by_name: HashMap<FunctionName, Arc<Answering>>,
    routes: RouteTable<End>,
}

/// What a route leads to.
pub(crate) struct End {
    pub(crate) answering: Arc<Answering>,
    /// Of the route.
    pub(crate) meter: Arc<RouteMeter>,
}

impl Table {
    /// # Errors
    /// `already-exists` when two functions want the same route.
    pub(crate) fn new(all: impl IntoIterator<Item = Arc<Answering>>) -> Result<Table> {
        let by_name: HashMap<_, _> = all
            .into_iter()
            .map(|answering| (answering.active.info.name.clone(), answering))
            .collect();
        let mut sorted: Vec<_> = by_name.values().collect();
        sorted.sort_by(|a, b| a.active.info.name.cmp(&b.active.info.name));
        let triggers = sorted.iter().flat_map(|answering| {
            let active = &answering.active;
            active.info.http.iter().map(|http| {
                let meter = active.meter.route(http.route.as_str());
                (http, End { answering: Arc::clone(answering), meter })
            })
        });
        let name = |end: &End| end.answering.active.info.name.to_string();
        let routes = RouteTable::build(triggers, name)?;
        Ok(Table { by_name, routes })
    }

    /// The same with this in place of what answers for its function.
    ///
    /// # Errors
    /// `already-exists` when it wants the route of another function.
    pub(crate) fn with(&self, answering: Answering) -> Result<Table> {
        let name = answering.active.info.name.clone();
        Table::new(self.without(&name).chain([Arc::new(answering)]))
    }

    /// What answers for all functions but one.
    pub(crate) fn without(&self, name: &FunctionName) -> impl Iterator<Item = Arc<Answering>> {
        let others = self.by_name.values().filter(move |a| a.active.info.name != *name);
        others.map(Arc::clone)
    }

    pub(crate) fn routes(&self) -> &RouteTable<End> {
        &self.routes
    }

    /// What answers for a function.
    ///
    /// # Errors
    /// `not-found`.
    pub(crate) fn answering(&self, name: &str) -> Result<&Arc<Answering>> {
        self.by_name.get(name).ok_or_else(|| {
            let name = name.escape_debug();
            Error::not_found(format!("no function `{name}` is deployed; `ottavo list` shows all"))
        })
    }

    /// The active version of a function.
    ///
    /// # Errors
    /// `not-found`.
    pub(crate) fn by_name(&self, name: &str) -> Result<&Arc<Version>> {
        Ok(&self.answering(name)?.active)
    }

    /// The active versions.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &Arc<Version>> {
        self.by_name.values().map(|answering| &answering.active)
    }

    /// Those that have a share of the requests too.
    pub(crate) fn answering_versions(&self) -> impl Iterator<Item = &Arc<Version>> {
        self.by_name.values().flat_map(|answering| answering.versions())
    }

    /// The functions of which a version that answers cannot be called, with the reason.
    pub(crate) fn broken(&self) -> Vec<(FunctionName, String)> {
        let why = |version: &Arc<Version>| {
            let why = version.problem()?;
            let text = format!("version {} {why}", version.info.version);
            Some((version.info.name.clone(), text))
        };
        self.answering_versions().filter_map(why).collect()
    }

    pub(crate) fn infos(&self) -> Vec<Info> {
        let mut infos: Vec<_> = self.by_name.values().map(|answering| answering.info()).collect();
        infos.sort_by(|a, b| a.name.cmp(&b.name));
        infos
    }
}

/// A version of a function, ready to be called. Cheap to clone; keeps the version alive.
#[derive(Clone)]
pub struct Target(pub(crate) Arc<Version>);

/// Where a request goes, and why.
pub struct Routed {
    /// The function.
    pub target: Target,
    /// What the route's `:name` segments matched, decoded.
    pub params: Vec<(String, String)>,
    /// The route, as written.
    pub route: Arc<str>,
    /// Of the route.
    pub meter: Arc<RouteMeter>,
}

impl Target {
    /// The function's name.
    pub fn name(&self) -> &FunctionName {
        &self.0.info.name
    }

    /// Which of its versions.
    pub fn version(&self) -> u64 {
        self.0.info.version
    }

    /// Its artifact, as uploaded.
    pub fn digest(&self) -> &Digest {
        &self.0.info.digest
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.0.info.limits
    }

    /// Counts calls by name.
    pub fn meter(&self) -> &Arc<RouteMeter> {
        self.0.meter.by_name()
    }

    /// Whether a call that comes now could at least wait for its turn: asked before its body is read.
    ///
    /// # Errors
    /// `unavailable`, as its call would fail.
    pub fn has_room(&self) -> Result<(), Box<Failure>> {
        self.0.line.has_room().map_err(|full| Box::new(self.0.full(full)))
    }

    /// Whether bodies stream to it and from it: then [`Target::serve`] is the way to call it.
    pub fn streams(&self) -> bool {
        self.0.streams()
    }

    /// Runs one request in an instance, bodies streaming both ways. Dropping the future or the
    /// answer's body before its end stops the guest.
    ///
    /// # Errors
    /// Why there is no answer of the function's own. What goes wrong after its head is an error of its
    /// body.
    pub async fn serve(&self, request: Request<Body>) -> Result<http::Response<Streamed>, Failure> {
        self.0.serve(request).await
    }

    /// Runs one request in a fresh instance. Dropping the future stops the guest.
    ///
    /// # Errors
    /// Why there is no answer of the function's own.
    pub async fn call(&self, request: Request) -> Result<Response, Failure> {
        self.0.call(request).await
    }
}
