//! One folder: built, deployed, and again when it has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use ottavo_app::Deployer;
use ottavo_control::{DeployReply, HostInfo};
use ottavo_core::FunctionName;
use ottavo_manifest::{HttpTrigger, Manifest};
use ottavo_settings::Env;
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use super::event::{Event, Teller, millis};
use super::scan::{Compare, Scan};
use super::watch::{Followed, Watch};
use crate::build::{self, MANIFEST, Minder, Sources};
use crate::failure::{Failure, Result};
use crate::verbs::deploy::urls;

/// So many builds in a row may begin with what changed while the one before ran: then it is taken
/// for what the build itself writes, which would go on for ever.
const MOST_IN_A_ROW: usize = 5;

/// For an editor to write all its files: this long none of them changes.
const QUIET: Duration = Duration::from_millis(30);

/// And at most so often is that waited for.
const MOST_QUIET: usize = 10;

/// What all folders share.
pub(crate) struct Workshop {
    pub(crate) deployer: Deployer,
    pub(crate) host: HostInfo,
    pub(crate) env: Env,
    pub(crate) teller: Teller,
    pub(crate) poll: bool,
    /// Compilers at once.
    pub(crate) benches: Semaphore,
    /// Whose name is whose.
    pub(crate) names: Mutex<BTreeMap<FunctionName, PathBuf>>,
}

/// One function's folder.
pub(crate) struct Project {
    dir: PathBuf,
    name: FunctionName,
    routes: Vec<HttpTrigger>,
    sources: Sources,
    /// The folder as the last build has seen it.
    seen: Scan,
    failed: bool,
    /// Builds in a row that began with what changed while the one before ran.
    in_a_row: usize,
    /// When the last build ended.
    built: SystemTime,
}

/// What a build that went well leaves.
struct Done {
    reply: DeployReply,
    building: Duration,
}

impl Project {
    /// # Errors
    /// When the folder has no manifest, or a wrong one.
    pub(crate) fn open(dir: &Path) -> Result<Project> {
        let manifest = build::manifest(dir)?;
        let dir = crate::verbs::folder(dir);
        let dir = std::path::absolute(dir).map_err(Failure::new)?;
        Ok(Project {
            dir,
            name: manifest.name,
            routes: manifest.http,
            sources: Sources::manifest(),
            seen: Scan::default(),
            failed: false,
            in_a_row: 0,
            built: SystemTime::UNIX_EPOCH,
        })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn name(&self) -> &FunctionName {
        &self.name
    }

    /// Builds and deploys until the host stops.
    pub(crate) async fn run(mut self, shop: Arc<Workshop>) {
        let minder = Arc::new(Minder::default());
        let (deployer, compilers) = (shop.deployer.clone(), Arc::clone(&minder));
        shop.deployer.spawn("dev: end of compilers", async move {
            deployer.stopping().await;
            compilers.cancel();
        });
        let (mut watch, refused) = Watch::new(&self.dir, shop.poll);
        if let Some(why) = refused {
            self.polls(&shop, &why);
        }
        while self.round(&shop, &minder).await {
            tokio::select! {
                () = self.change(&shop, &mut watch) => {}
                () = shop.deployer.stopping() => return,
            }
        }
    }

    /// One build and deploy, told from its beginning to its end; false when the host stops.
    async fn round(&mut self, shop: &Workshop, minder: &Minder) -> bool {
        let bench = tokio::select! {
            bench = shop.benches.acquire() => bench,
            () = shop.deployer.stopping() => return false,
        };
        let started = Instant::now();
        shop.teller.tell(&Event::Building { function: &self.name });
        let done = self.build_and_deploy(shop, minder).await;
        drop(bench);
        if shop.deployer.is_stopping() {
            return false;
        }
        self.failed = done.is_err();
        match done {
            Ok(done) => self.tell_done(shop, &done, started.elapsed()),
            Err(failure) => {
                self.tell_failed(shop, &failure, &minder.take_talk(), started.elapsed())
            }
        }
        true
    }

    async fn build_and_deploy(&mut self, shop: &Workshop, minder: &Minder) -> Result<Done> {
        let manifest = block_in_place(|| self.look(shop))?;
        self.named(shop, &manifest)?;
        let started = Instant::now();
        let built = block_in_place(|| {
            build::minded(&self.dir, &manifest, None, false, &shop.env, Some(minder))
        })?;
        let building = started.elapsed();
        self.built = SystemTime::now();
        let reply = shop.deployer.deploy(manifest, built.component).await?;
        Ok(Done { reply, building })
    }

    /// Reads the manifest and what the build is about to see. What changes later is a change.
    fn look(&mut self, shop: &Workshop) -> Result<Manifest> {
        let (dir, data) = (&self.dir, &shop.host.data_dir);
        self.seen = Scan::of(dir, &self.sources, data, &self.seen)?;
        let manifest = build::manifest(&dir.join(MANIFEST))?;
        let sources = Sources::of(&manifest, dir);
        self.sources = sources.as_ref().map_or_else(|_| Sources::any(), Sources::clone);
        let mut seen = Scan::of(dir, &self.sources, data, &self.seen)?;
        // read in between: it may be newer than the one that is built with
        seen.take(Path::new(MANIFEST), &self.seen);
        self.seen = seen;
        self.routes.clone_from(&manifest.http);
        sources.map(|_| manifest)
    }

    /// Takes the manifest's name, which may be a new one.
    fn named(&mut self, shop: &Workshop, manifest: &Manifest) -> Result<()> {
        if manifest.name == self.name {
            return Ok(());
        }
        let mut names = shop.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = names.get(&manifest.name) {
            return Err(same_name(&manifest.name, other, &self.dir));
        }
        names.insert(manifest.name.clone(), self.dir.clone());
        names.remove(&self.name);
        drop(names);
        shop.deployer.mended(&self.name);
        let before = std::mem::replace(&mut self.name, manifest.name.clone());
        if shop.deployer.version(&before).is_some() {
            let message = format!("was `{before}`, which stays deployed");
            shop.teller.tell(&Event::Note { function: &self.name, message: &message });
        }
        Ok(())
    }

    fn tell_done(&self, shop: &Workshop, done: &Done, took: Duration) {
        shop.deployer.mended(&self.name);
        let function = &done.reply.function;
        shop.teller.tell(&Event::Deployed {
            function: &self.name,
            version: function.version,
            changed: done.reply.changed,
            size: function.size,
            build_ms: millis(done.building),
            took_ms: millis(took),
            urls: &urls(&function.http, &shop.host),
        });
    }

    fn tell_failed(&self, shop: &Workshop, failure: &Failure, text: &str, took: Duration) {
        let summary = summary(text).or(failure.messages.first().map(String::as_str));
        let page = page(failure, text);
        shop.deployer.broken(&self.name, &self.routes, summary.unwrap_or_default(), &page);
        shop.teller.tell(&Event::Failed {
            function: &self.name,
            errors: &failure.messages,
            hint: failure.hint.as_deref(),
            text,
            took_ms: millis(took),
            version: shop.deployer.version(&self.name),
        });
    }

    /// Resolves when something differs from what the last build has seen. After a failed one, a
    /// file that was only saved again counts too: what was wrong may have been elsewhere.
    async fn change(&mut self, shop: &Workshop, watch: &mut Watch) {
        let compare = if self.failed { Compare::Times } else { Compare::Content };
        let mut at_once = true;
        loop {
            let data = &shop.host.data_dir;
            let scan = block_in_place(|| Scan::of(&self.dir, &self.sources, data, &self.seen));
            let Ok(scan) = scan else {
                watch.due().await;
                at_once = false;
                continue;
            };
            match watch.follow(&scan.folders) {
                Followed::AsBefore => {}
                Followed::More => continue,
                Followed::Poll(why) => self.polls(shop, &why),
            }
            let changed = scan.changed(&self.seen, compare);
            // what was saved after the build cannot be of the build, however soon it is seen
            let by_build = at_once && !changed.iter().any(|file| self.saved_since(file));
            self.in_a_row = match (changed.is_empty(), by_build) {
                (false, true) => self.in_a_row + 1,
                _ => 0,
            };
            if !changed.is_empty() && self.in_a_row <= MOST_IN_A_ROW {
                return self.settle(shop, scan).await;
            }
            if let Some(file) = changed.first() {
                let message = format!(
                    "`{}` changes with each build: the build seems to write it; `build.watch` in the manifest names the sources",
                    file.display()
                );
                shop.teller.tell(&Event::Note { function: &self.name, message: &message });
            }
            self.seen = scan;
            at_once = false;
            watch.due().await;
        }
    }

    /// Whether a file was written after the last build.
    fn saved_since(&self, file: &Path) -> bool {
        let saved = std::fs::metadata(self.dir.join(file)).and_then(|file| file.modified());
        saved.is_ok_and(|saved| saved > self.built)
    }

    /// Waits until what is being saved is written.
    async fn settle(&self, shop: &Workshop, mut scan: Scan) {
        for _ in 0..MOST_QUIET {
            tokio::time::sleep(QUIET).await;
            let data = &shop.host.data_dir;
            let next = block_in_place(|| Scan::of(&self.dir, &self.sources, data, &scan));
            match next {
                Ok(next) if !next.changed(&scan, Compare::Times).is_empty() => scan = next,
                _ => return,
            }
        }
    }

    fn polls(&self, shop: &Workshop, why: &str) {
        let message = format!("the system does not watch its folder ({why}): looking regularly");
        shop.teller.tell(&Event::Note { function: &self.name, message: &message });
    }
}

/// Two folders want one name.
pub(crate) fn same_name(name: &FunctionName, one: &Path, other: &Path) -> Failure {
    let (one, other) = (one.display(), other.display());
    Failure::new(format!("two folders hold a function `{name}`: `{one}` and `{other}`"))
        .hint("give one of them another `name` in its manifest")
}

/// The line of a compiler's text that says most.
fn summary(text: &str) -> Option<&str> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines().find(|line| line.to_ascii_lowercase().contains("error")).or_else(|| lines().next())
}

/// What a browser shows in place of the function.
fn page(failure: &Failure, text: &str) -> String {
    let mut page = failure.messages.join("\n");
    for part in failure.hint.as_deref().into_iter().chain([text.trim_end()]) {
        if !part.is_empty() {
            page.push_str("\n\n");
            page.push_str(part);
        }
    }
    page.push('\n');
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_the_first_line_about_an_error() {
        let cargo =
            "   Compiling hello v0.1.0\nerror: expected `;`, found `}`\n --> src/lib.rs:9:5\n";
        assert_eq!(summary(cargo), Some("error: expected `;`, found `}`"));
        assert_eq!(summary("\n  ./main.go:3:1: syntax\n"), Some("./main.go:3:1: syntax"));
        assert_eq!(summary(" \n"), None);
    }

    #[test]
    fn the_page_has_all_that_is_known() {
        let failure = Failure::new("the build failed").hint("mend it");
        assert_eq!(page(&failure, "line 1\n\n"), "the build failed\n\nmend it\n\nline 1\n");
        assert_eq!(page(&Failure::new("no"), ""), "no\n");
    }
}
