//! A way into the running host for what builds functions in its process: `ottavo dev`.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use ottavo_control::{DeployReply, DeployRequest};
use ottavo_core::{Digest, FunctionName, Result, Shutdown};
use ottavo_functions::{Functions, RouteTable};
use ottavo_http::{Notice, Notices};
use ottavo_manifest::{HttpTrigger, Manifest};

/// Deploys as the deploy API does, without its socket, and says what does not build.
#[derive(Clone)]
pub struct Deployer {
    functions: Arc<Functions>,
    notices: Arc<Notices>,
    broken: Arc<Mutex<BTreeMap<FunctionName, Broken>>>,
    shutdown: Shutdown,
}

/// A function that does not build, and the routes that it wants.
struct Broken {
    notice: Arc<Notice>,
    routes: Vec<HttpTrigger>,
}

impl Deployer {
    pub(crate) fn new(functions: Arc<Functions>, shutdown: Shutdown) -> Deployer {
        Deployer { functions, notices: Arc::default(), broken: Arc::default(), shutdown }
    }

    pub(crate) fn notices(&self) -> Arc<Notices> {
        Arc::clone(&self.notices)
    }

    /// Makes a component the active version of a function. What the host refuses is given up at once:
    /// a day of saving must not fill the disk.
    ///
    /// # Errors
    /// What is wrong with the manifest or the component; the version before stays.
    pub async fn deploy(&self, manifest: Manifest, component: Vec<u8>) -> Result<DeployReply> {
        let artifact = Digest::of(&component);
        let mut upload = self.functions.receive(artifact)?;
        upload.write(&component)?;
        upload.keep()?;
        let deployed = ottavo_admin::deploy::deploy(
            &self.functions,
            DeployRequest {
                manifest,
                artifact,
                accept: true,
                activate: true,
                smoke: None,
                signature: None,
            },
        )
        .await;
        if deployed.is_err() {
            self.functions.forget(artifact).await;
        }
        deployed
    }

    /// The version of a function that answers, if there is one.
    pub fn version(&self, name: &FunctionName) -> Option<u64> {
        self.functions.by_name(name.as_str()).ok().map(|target| target.version())
    }

    /// Says with each answer of a function that it does not build any more, and in place of an
    /// answer on `routes` where it has none.
    pub fn broken(
        &self,
        function: &FunctionName,
        routes: &[HttpTrigger],
        summary: &str,
        text: &str,
    ) {
        let notice = Notice {
            function: function.clone(),
            summary: summary.to_owned(),
            text: text.to_owned(),
        };
        let broken = Broken { notice: Arc::new(notice), routes: routes.to_vec() };
        self.note(|all| {
            all.insert(function.clone(), broken);
        });
    }

    /// It builds.
    pub fn mended(&self, function: &FunctionName) {
        self.note(|all| {
            all.remove(function);
        });
    }

    /// Runs `task` until it ends by itself, which it does when [`Deployer::stopping`] resolves.
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.shutdown.spawn(name, task);
    }

    /// Resolves once the host stops.
    pub async fn stopping(&self) {
        self.shutdown.begun().await;
    }

    /// Whether the host stops.
    pub fn is_stopping(&self) -> bool {
        self.shutdown.has_begun()
    }

    fn note(&self, change: impl FnOnce(&mut BTreeMap<FunctionName, Broken>)) {
        let mut all = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut all);
        let notices: Vec<_> = all.values().map(|broken| Arc::clone(&broken.notice)).collect();
        self.notices.set(&notices, pages(all.values()));
    }
}

/// Where the notices are shown. Two that want the same route are told so when they deploy: the
/// first one has the page.
fn pages<'b>(all: impl Iterator<Item = &'b Broken>) -> RouteTable<Arc<Notice>> {
    let build = |routes: &[(&'b HttpTrigger, Arc<Notice>)]| {
        RouteTable::build(routes.iter().cloned(), |notice| notice.function.to_string())
    };
    let mut routes = Vec::new();
    for broken in all {
        for trigger in &broken.routes {
            routes.push((trigger, Arc::clone(&broken.notice)));
            if build(&routes).is_err() {
                routes.pop();
            }
        }
    }
    build(&routes).expect("each route was tried")
}
