//! `ottavo deploy`: a function's new version takes over.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use hyper::body::Bytes;
use ottavo_control::{DeployReply, DeployRequest, FunctionInfo, HostInfo};
use ottavo_core::FunctionName;
use ottavo_manifest::{HttpTrigger, Manifest};
use ottavo_settings::Env;
use serde::Serialize;

use super::build::{CompilerArguments, component};
use crate::arguments::HostArguments;
use crate::build;
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::output::{self, Format};
use crate::progress::Progress;
use crate::triggers;

/// The detail of a refusal that has what a version asks for beyond the one before.
const WIDENS: &str = "widens";

#[derive(Args, Debug)]
pub(crate) struct Deploy {
    /// The function's folder, which is built first, or a `.wasm` file
    #[arg(default_value = ".", value_name = "DIR|FILE.wasm")]
    path: PathBuf,
    /// The manifest of a `.wasm` file [default: its name, the route `/NAME/...`, no needs]
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Grant what this version asks for beyond the one before, without asking
    #[arg(long)]
    accept: bool,
    /// Only keep it; `ottavo split` or `ottavo activate` lets it answer
    #[arg(long)]
    no_activate: bool,
    /// Ask this path of it before it answers: 400 or more, or a failure, and it is not deployed
    #[arg(long, value_name = "PATH")]
    smoke: Option<String>,
    /// A signature of the `.wasm` file, as `minisign -S` writes it [default: FILE.wasm.minisig, if it
    /// is there]
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    #[command(flatten)]
    compiler: CompilerArguments,
    #[command(flatten)]
    host: HostArguments,
}

/// The reply, with what a person or a script does next.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    reply: &'a DeployReply,
    urls: Vec<String>,
}

pub(crate) fn run(deploy: Deploy, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&deploy.host, env)?;
    // before a build, which takes longer than finding that nobody is there
    let host = super::talk(client.host())?;
    let manifest = deploy.manifest.as_deref();
    let signature = signature(&deploy.path, deploy.signature.as_deref())?;
    let (manifest, artifact) = artifact(&deploy.path, manifest, &deploy.compiler, env)?;
    let (accept, activate) = (deploy.accept, !deploy.no_activate);
    let how = How { accept, activate, smoke: deploy.smoke.clone(), signature };
    let reply = super::talk(send(&client, manifest, artifact.into(), how))?;
    let report = Report { urls: urls(&reply.function.http, &host), reply: &reply };
    output::result(format, &report, text);
    if !reply.changed {
        let version = reply.function.version;
        output::say(format_args!("nothing has changed: this is version {version} already"));
    }
    if !reply.active {
        let FunctionInfo { name, version, .. } = &reply.function;
        output::say(format_args!(
            "version {version} is kept and does not answer: `ottavo split {name} v{version}=10` gives it a share of the requests, `ottavo activate {name} v{version}` all of them"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A `.wasm` file as it is, or what a folder builds to; with its manifest.
pub(super) fn artifact(
    path: &Path,
    manifest: Option<&Path>,
    compiler: &CompilerArguments,
    env: &Env,
) -> Result<(Manifest, Vec<u8>)> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        return file(path, manifest);
    }
    let manifest = build::manifest(manifest.unwrap_or(path))?;
    let (component, _) = component(&super::folder(path), &manifest, compiler, None, env)?;
    Ok((manifest, component))
}

/// The signature of a `.wasm` file: the one that was named, else the one beside it.
fn signature(path: &Path, named: Option<&Path>) -> Result<Option<String>> {
    let is_file = path.extension().is_some_and(|extension| extension == "wasm");
    let file = match named {
        Some(_) if !is_file => {
            return Err(Failure::usage("`--signature` goes with a `.wasm` file")
                .hint("build it with `ottavo build`, sign what that wrote, and deploy the file"));
        }
        Some(named) => named.to_owned(),
        None if !is_file => return Ok(None),
        None => {
            let mut beside = path.as_os_str().to_owned();
            beside.push(".minisig");
            let beside = PathBuf::from(beside);
            if !beside.is_file() {
                return Ok(None);
            }
            beside
        }
    };
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::new(format!("read `{}`: {error}", file.display())))?;
    Ok(Some(text))
}

/// What a deploy is to do.
#[derive(Default)]
pub(super) struct How {
    pub(super) accept: bool,
    pub(super) activate: bool,
    pub(super) smoke: Option<String>,
    pub(super) signature: Option<String>,
}

pub(super) async fn send(
    client: &Client,
    manifest: Manifest,
    artifact: Bytes,
    how: How,
) -> Result<DeployReply> {
    let name = manifest.name.clone();
    let bar = Progress::bytes(format!("uploading `{name}`"), artifact.len() as u64);
    let artifact = client.upload(artifact, bar).await?;
    let How { accept, activate, smoke, signature } = how;
    let mut request = DeployRequest { manifest, artifact, accept, activate, smoke, signature };
    let deploy = async |request: &DeployRequest| {
        let _spinner = Progress::spinner(format!("compiling `{name}`"));
        client.deploy(request).await
    };
    let refused = match deploy(&request).await {
        Err(refused) if refused.detail(WIDENS).is_some() => refused,
        done => return done,
    };
    let new = refused.detail(WIDENS).unwrap_or_default();
    match ask(&name, new) {
        None => Err(refused.hint("`--accept` grants it; the version before keeps answering")),
        Some(false) => {
            Err(Failure::new(format!("`{name}` was not deployed: its new needs were not granted"))
                .hint("the version before keeps answering"))
        }
        Some(true) => {
            request.accept = true;
            deploy(&request).await
        }
    }
}

/// Whether the person at the terminal grants what is new; none when nobody can be asked.
fn ask(name: &FunctionName, new: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    output::say(format_args!(
        "this version of `{name}` asks for what the one before does not have:"
    ));
    new.lines().for_each(|grant| output::say(format_args!("  {grant}")));
    output::ask("grant it? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok()?;
    Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A `.wasm` file and its manifest.
fn file(path: &Path, manifest: Option<&Path>) -> Result<(Manifest, Vec<u8>)> {
    let manifest = match manifest {
        Some(manifest) => build::manifest(manifest)?,
        None => plain(path)?,
    };
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::new(format!("read `{}`: {error}", path.display())))?;
    Ok((manifest, bytes))
}

/// What a file without a manifest means: a name, a route below it, and no needs.
fn plain(path: &Path) -> Result<Manifest> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let name: FunctionName = stem.parse().map_err(|error: ottavo_core::Error| {
        Failure::from(error)
            .hint("rename the file, or give a manifest that names the function with `--manifest`")
    })?;
    let text = format!("manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/...\"\n");
    Ok(Manifest::parse(path, &text)?)
}

/// Each route as it is typed into a browser.
pub(crate) fn urls(routes: &[HttpTrigger], host: &HostInfo) -> Vec<String> {
    let scheme = host.scheme();
    let url = |trigger: &HttpTrigger| match &trigger.host {
        Some(name) => {
            let port = host.http.rsplit_once(':').map_or("", |(_, port)| port);
            format!("{scheme}://{name}:{port}{}", trigger.route)
        }
        None => format!("{scheme}://{}{}", host.http, trigger.route),
    };
    routes.iter().map(url).collect()
}

fn text(report: &Report<'_>) -> String {
    let function = &report.reply.function;
    let row = |what: &str, value: String| vec![what.to_owned(), value];
    let mut rows =
        vec![row("name", function.name.to_string()), row("version", function.version.to_string())];
    for (url, trigger) in report.urls.iter().zip(&function.http) {
        let methods = match trigger.methods.is_empty() {
            true => String::new(),
            false => format!("  ({})", trigger.methods.join(", ")),
        };
        rows.push(row("url", format!("{url}{methods}")));
    }
    rows.extend(triggers::rows(
        &function.subscribe,
        &function.schedule,
        &function.watch,
        &function.binding,
    ));
    rows.extend(function.signed_by.iter().map(|key| row("signed by", key.clone())));
    rows.push(row("granted", report.reply.granted.clone()));
    if function.version > 1 {
        rows.extend(report.reply.added.iter().map(|grant| row("new", grant.clone())));
    }
    output::table(&rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_manifest_is_named_and_routed_by_its_name() {
        let manifest = plain(Path::new("/tmp/Hello_2.wasm")).expect("a fine name");
        assert_eq!(manifest.name.as_str(), "hello_2");
        assert_eq!(manifest.http[0].route.as_str(), "/hello_2/...");
        assert!(manifest.needs.state.is_empty());
        let failure = plain(Path::new("my function.wasm")).expect_err("a space");
        assert!(failure.hint.is_some_and(|hint| hint.contains("--manifest")));
    }

    #[test]
    fn routes_become_urls_that_can_be_opened() {
        let host = HostInfo {
            version: String::new(),
            pid: 1,
            data_dir: PathBuf::new(),
            http: "127.0.0.1:2045".into(),
            https: false,
            grpc: String::new(),
            actuator: String::new(),
            deploy: None,
            deploy_https: false,
        };
        assert_eq!(host.deploy_url(), None);
        let deploy = Some("127.0.0.1:2046".to_owned());
        let secure = HostInfo { deploy, deploy_https: true, ..host.clone() };
        assert_eq!(secure.deploy_url().as_deref(), Some("https://127.0.0.1:2046"));
        let trigger = |name: Option<&str>| HttpTrigger {
            route: "/a/:b".parse().expect("valid"),
            methods: Vec::new(),
            host: name.map(str::to_owned),
        };
        let urls = urls(&[trigger(None), trigger(Some("shop.localhost"))], &host);
        assert_eq!(urls, ["http://127.0.0.1:2045/a/:b", "http://shop.localhost:2045/a/:b"]);
    }
}
