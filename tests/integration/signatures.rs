//! Only what is signed is deployed and answers, where a host says so.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ottavo_test_support::{TestHost, program};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::Value;

/// A key pair, as minisign makes them.
struct KeyPair {
    id: [u8; 8],
    pair: Ed25519KeyPair,
}

impl KeyPair {
    /// The public key, as `minisign -G` prints it.
    fn public(&self) -> String {
        BASE64_STANDARD.encode([b"Ed", &self.id[..], self.pair.public_key().as_ref()].concat())
    }

    /// The signature of some bytes, as `minisign -S` writes it.
    fn signature(&self, bytes: &[u8]) -> String {
        let hash = blake2b_simd::blake2b(bytes);
        let signature = self.pair.sign(hash.as_bytes());
        let trusted = "timestamp:1795400000\tfile:f.wasm\thashed";
        let all = [signature.as_ref(), trusted.as_bytes()].concat();
        let whole = BASE64_STANDARD.encode(self.pair.sign(&all));
        let signature = [b"ED", &self.id[..], signature.as_ref()].concat();
        let signature = BASE64_STANDARD.encode(signature);
        format!("untrusted comment: of a test\n{signature}\ntrusted comment: {trusted}\n{whole}\n")
    }
}

/// The id of a key, as minisign shows it.
fn id(keys: &KeyPair) -> String {
    format!("{:016X}", u64::from_le_bytes(keys.id))
}

fn keys() -> KeyPair {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
    KeyPair { id: fastrand::u64(..).to_le_bytes(), pair }
}

/// Writes a detached signature of a file; its path.
fn sign(keys: &KeyPair, file: &Path, to: &Path) -> String {
    fs::write(to, keys.signature(&fs::read(file).unwrap())).unwrap();
    to.to_str().unwrap().to_owned()
}

fn config(require: bool, keys: &[&KeyPair]) -> String {
    let keys: Vec<_> = keys.iter().map(|keys| keys.public()).collect();
    format!("[deploy]\nrequire_signed = {require}\nkeys = {keys:?}\n")
}

/// A program of its own for each mark.
fn wasm(host: &TestHost, mark: u8) -> PathBuf {
    let path = host.folder().join(format!("f{mark}.wasm"));
    let mut bytes = fs::read(program("hello-rust").unwrap()).unwrap();
    bytes.extend([0, 5, 4, b'm', b'a', b'r', mark]);
    fs::write(&path, bytes).unwrap();
    path
}

async fn deploy(host: &TestHost, wasm: &Path, flags: &[&str]) -> Result<Value, String> {
    let manifest = host.folder().join("f.toml");
    fs::write(&manifest, "manifest = 1\nname = \"f\"\n[[http]]\nroute = \"/f/:name\"\n").unwrap();
    let (wasm, manifest) = (wasm.to_str().unwrap(), manifest.to_str().unwrap());
    let arguments = ["deploy", wasm, "--manifest", manifest, "--output", "json"];
    let (status, out, err) = host.cli(&[&arguments, flags].concat()).await.unwrap();
    match status.success() {
        true => Ok(serde_json::from_str(&out).unwrap()),
        false => Err(err),
    }
}

#[tokio::test]
async fn what_is_not_signed_by_a_trusted_key_is_refused() {
    let (old, new, other) = (keys(), keys(), keys());
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = format!("untrusted comment: minisign public key {}\n{}\n", id(&old), old.public());
    fs::write(file.path(), text).unwrap();
    let config = format!("{}key_files = [{:?}]\n", config(true, &[&new]), file.path());
    let host = TestHost::builder().config(config).start().await.unwrap();
    let one = wasm(&host, 1);
    let beside = host.folder().join("f1.wasm.minisig");

    let refused = deploy(&host, &one, &[]).await.unwrap_err();
    assert!(refused.contains("`f` is not deployed: it is not signed"), "{refused}");
    assert!(refused.contains("minisign -Sm FILE.wasm"), "{refused}");
    sign(&other, &one, &beside);
    let refused = deploy(&host, &one, &[]).await.unwrap_err();
    assert!(refused.contains("a key that this host does not trust"), "{refused}");
    assert!(refused.contains(&id(&old)) && refused.contains(&id(&new)), "{refused}");
    sign(&new, &wasm(&host, 2), &beside);
    let refused = deploy(&host, &one, &[]).await.unwrap_err();
    assert!(refused.contains("the signature is not of this file"), "{refused}");
    fs::write(&beside, "not a signature").unwrap();
    let refused = deploy(&host, &one, &[]).await.unwrap_err();
    assert!(refused.contains("the signature cannot be read"), "{refused}");

    // either key, beside the file or named
    sign(&new, &one, &beside);
    let deployed = deploy(&host, &one, &[]).await.unwrap();
    assert_eq!(deployed["function"]["signed_by"], id(&new));
    let two = wasm(&host, 2);
    let named = sign(&old, &two, &host.folder().join("named"));
    let deployed = deploy(&host, &two, &["--signature", &named]).await.unwrap();
    assert_eq!(deployed["function"]["signed_by"], id(&old));
    assert_eq!(host.get("/f/ann").await.unwrap().status, 200);
    let (_, out, _) = host.cli(&["versions", "f"]).await.unwrap();
    assert!(
        out.contains("SIGNED BY") && out.contains(&id(&old)) && out.contains(&id(&new)),
        "{out}"
    );
    let (_, out, _) = host.cli(&["describe", "f"]).await.unwrap();
    let signed = out.lines().find(|line| line.starts_with("signed by"));
    assert!(signed.is_some_and(|line| line.ends_with(&id(&old))), "{out}");
}

#[tokio::test]
async fn what_was_deployed_is_looked_at_again_when_the_host_starts() {
    let (old, new) = (keys(), keys());
    let host = TestHost::builder().config(config(false, &[&old])).start().await.unwrap();
    // where it is not required, only what is sent is checked
    deploy(&host, &wasm(&host, 1), &[]).await.unwrap();
    let two = wasm(&host, 2);
    let signature = sign(&old, &two, &host.folder().join("old"));
    deploy(&host, &two, &["--signature", &signature]).await.unwrap();

    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(config(true, &[&new, &old]));
    let host = host.start().await.unwrap();
    assert_eq!(host.get("/f/ann").await.unwrap().status, 200, "signed by a key that is trusted");
    let (_, _, refused) = host.cli(&["rollback", "f"]).await.unwrap();
    assert!(refused.contains("it is not signed"), "{refused}");

    // the old key is given up: what it signed does not answer until it is signed by the new one
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(config(true, &[&new]));
    let host = host.start().await.unwrap();
    let answer = host.get("/f/ann").await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains("a key that this host does not trust"), "{}", answer.text());
    let signature = sign(&new, &two, &host.folder().join("new"));
    let deployed = deploy(&host, &two, &["--signature", &signature]).await.unwrap();
    assert_eq!((&deployed["changed"], &deployed["function"]["version"]), (&true.into(), &3.into()));
    assert_eq!(host.get("/f/ann").await.unwrap().status, 200);
}

#[tokio::test]
async fn signatures_cannot_be_required_without_a_key() {
    let refused = TestHost::builder().config("[deploy]\nrequire_signed = true\n").start().await;
    let refused = refused.err().unwrap().to_string();
    assert!(refused.contains("no key is trusted"), "{refused}");
    let refused = TestHost::builder().config("[deploy]\nkeys = [\"RWQf\"]\n").start().await;
    let refused = refused.err().unwrap().to_string();
    assert!(refused.contains("`RWQf` is not a public key of minisign"), "{refused}");
}
