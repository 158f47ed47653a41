//! Compilation is bounded in time and memory, and what happens to it is no matter of the host's.

mod bomb;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ottavo_test_support::{TestHost, program};

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A host on which `hello` answers.
async fn host(deploy: &str) -> TestHost {
    let config = format!("[deploy]\ncompile_threads = 1\n{deploy}\n");
    let host = TestHost::builder().config(config).start().await.unwrap();
    deploy_file(&host, "hello", &program("hello-rust").unwrap()).await.unwrap();
    host
}

/// Deploys a `.wasm` without needs, or says why not.
async fn deploy_file(host: &TestHost, name: &str, wasm: &Path) -> Result<(), String> {
    let manifest = host.folder().join(format!("{name}.toml"));
    let text = format!("manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"/{name}/:name\"\n");
    fs::write(&manifest, text).unwrap();
    host.deploy_with(wasm, &manifest).await.map_err(|error| error.to_string())
}

/// A function of which nobody has compiled anything yet, with this beside what it needs.
fn fresh(host: &TestHost, beside: &[u8]) -> PathBuf {
    let mut bytes = fs::read(program("hello-rust").unwrap()).unwrap();
    bytes.extend_from_slice(beside);
    bytes.extend([0, 12, 3, b'n', b'e', b'w']);
    bytes.extend(fastrand::u64(..).to_le_bytes());
    let path = host.folder().join(format!("fresh-{}.wasm", fastrand::u64(..)));
    fs::write(&path, bytes).unwrap();
    path
}

/// The processes that the host has started and that have not ended.
fn children(host: &TestHost) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{}/task", host.pid())).unwrap();
    let of = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children"));
    let all: String = threads.filter_map(|thread| of(thread.ok()?).ok()).collect();
    let pids = all.split_whitespace().map(|pid| pid.parse().unwrap());
    let ended = |pid: &u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        !status.contains("\nState:") || status.contains("State:\tZ")
    };
    pids.filter(|pid| !ended(pid)).collect()
}

/// Waits until the host has as many.
async fn until_children(host: &TestHost, many: usize) -> Vec<u32> {
    let wait = async {
        loop {
            match children(host) {
                all if all.len() == many => return all,
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the processes of compilations")
}

#[tokio::test]
async fn what_takes_too_long_is_refused_while_others_answer() {
    let host = host("compile_timeout = \"3s\"").await;
    let bomb = fresh(&host, &bomb::of_time());
    let mut answered = 0;
    let refused = {
        let mut deploy = Box::pin(deploy_file(&host, "bomb", &bomb));
        loop {
            tokio::select! {
                deployed = &mut deploy => break deployed.unwrap_err(),
                answer = host.get("/hello/ann") => {
                    assert_eq!(answer.unwrap().status, 200);
                    answered += usize::from(!children(&host).is_empty());
                }
            }
        }
    };
    let said = "compilation took more than 3s: make the function smaller, or raise `deploy.compile_timeout`";
    assert!(refused.contains(said), "{refused}");
    assert!(answered > 0, "it was asked for while something was compiled");
    until_children(&host, 0).await;
    // the next one is served
    deploy_file(&host, "next", &fresh(&host, &[])).await.unwrap();
    assert_eq!(host.get("/next/ann").await.unwrap().status, 200);
}

#[tokio::test]
async fn what_takes_too_much_memory_is_refused() {
    let host = host("compile_memory = \"128MiB\"").await;
    let refused = deploy_file(&host, "bomb", &fresh(&host, &bomb::of_memory())).await.unwrap_err();
    let said = "compilation took more memory than 128MiB: make the function smaller, or raise `deploy.compile_memory`";
    assert!(refused.contains(said), "{refused}");
    deploy_file(&host, "next", &fresh(&host, &[])).await.unwrap();
}

#[tokio::test]
async fn a_compiler_that_dies_is_an_answer_to_the_deploy() {
    let host = host("").await;
    let bomb = fresh(&host, &bomb::of_time());
    let kill = async {
        let pid = until_children(&host, 1).await[0].to_string();
        let killed = tokio::process::Command::new("kill").args(["-KILL", &pid]).status().await;
        assert!(killed.unwrap().success());
    };
    let (refused, ()) = tokio::join!(deploy_file(&host, "bomb", &bomb), kill);
    let refused = refused.unwrap_err();
    assert!(refused.contains("the compiler fell over (signal: 9 (SIGKILL))"), "{refused}");
    assert_eq!(host.get("/hello/ann").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_compilation_ends_with_whoever_wants_it_and_with_its_host() {
    let host = host("").await;
    let bomb = fresh(&host, &bomb::of_time());
    let gone = tokio::select! {
        deployed = deploy_file(&host, "bomb", &bomb) => panic!("{deployed:?}"),
        children = until_children(&host, 1) => children,
    };
    // the client was dropped with its future
    until_children(&host, 0).await;
    let left = tokio::select! {
        deployed = deploy_file(&host, "bomb", &bomb) => panic!("{deployed:?}"),
        children = until_children(&host, 1) => children,
    };
    assert_ne!(gone, left);
    drop(host.kill().await.unwrap());
    let ended = async {
        while fs::read_to_string(format!("/proc/{}/cmdline", left[0]))
            .is_ok_and(|line| !line.is_empty())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("it ends with its host");
}

#[tokio::test]
async fn compiled_code_is_never_taken() {
    let host = host("").await;
    let elf = host.folder().join("native.wasm");
    let native = fs::read(ottavo_test_support::binary()).unwrap();
    fs::write(&elf, &native[..1 << 20]).unwrap();
    let refused = deploy_file(&host, "native", &elf).await.unwrap_err();
    assert!(refused.contains("compiled artifacts are never accepted"), "{refused}");
}

#[tokio::test]
async fn what_is_not_compiled_when_a_host_starts_is_made_again() {
    let host = host("").await;
    deploy_file(&host, "fresh", &fresh(&host, &[])).await.unwrap();
    let folder = host.kill().await.unwrap();
    // code of the other compiler is of no use
    let host = TestHost::builder().folder(folder).engine("compiler = \"baseline\"");
    let host = host.start().await.unwrap();
    assert_eq!(host.get("/fresh/ann").await.unwrap().status, 200);
    until_children(&host, 0).await;
}
