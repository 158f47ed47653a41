//! A host with the relays of all languages, each with a manifest of the test's own.

use std::fs;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use ottavo_core::Error;
use ottavo_test_support::{Answer, TestHost, program, send};

use crate::guests::{self, Guest};
use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::result;

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Scene {
    pub(super) host: TestHost,
    pub(super) guests: Vec<Guest>,
}

impl Scene {
    /// Deploys every relay on `host`. It may call everybody; `more` is the rest of `[needs]`, then
    /// further tables.
    pub(super) async fn set(host: TestHost, more: impl Fn(&Guest) -> String) -> Scene {
        let guests = guests::built();
        for guest in &guests {
            deploy(&host, guest, &format!("invoke = [\"*\"]\n{}", more(guest))).await;
        }
        Scene { host, guests }
    }

    /// Every language with the one after it: all of them call, and all are called.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&Guest, &Guest)> {
        let next = self.guests.iter().cycle().skip(1);
        self.guests.iter().zip(next)
    }

    /// Sends a call to a relay, with headers of the test's own.
    pub(super) async fn post(
        &self,
        guest: &Guest,
        headers: &[(&str, &str)],
        call: Writer,
    ) -> Answer {
        let path = format!("/conformance/{}", guest.name);
        let mut request = Request::post(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        send(self.host.http(), request.body(call.finish()).unwrap()).await.unwrap()
    }

    /// The same where a relay must answer.
    pub(super) async fn ask(&self, guest: &Guest, call: Writer) -> Reader {
        read(self.post(guest, &[], call).await)
    }

    /// Waits until so many instances of a function run.
    pub(super) async fn until_running(&self, guest: &Guest, count: u32) {
        let line =
            format!("ottavo_instances_running{{function=\"conformance-{}\"}} {count}", guest.name);
        let seen = async {
            loop {
                let metrics = self.host.health("/metrics").await.unwrap();
                if metrics.text().lines().any(|found| found == line) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, seen).await;
        assert!(in_time.is_ok(), "it never came to `{line}`");
    }
}

/// Deploys a relay with these needs.
pub(super) async fn deploy(host: &TestHost, guest: &Guest, needs: &str) {
    let name = &guest.name;
    let route = format!("[[http]]\nroute = \"/conformance/{name}\"\n[needs]\n{needs}");
    deploy_as(host, guest, &format!("conformance-{name}"), &route).await;
}

/// Deploys the program of a relay under a name, with the rest of its manifest.
pub(super) async fn deploy_as(host: &TestHost, guest: &Guest, name: &str, rest: &str) {
    let manifest = host.folder().join(format!("{name}.toml"));
    fs::write(&manifest, format!("manifest = 1\nname = \"{name}\"\n{rest}")).unwrap();
    let wasm = program(&format!("conformance-{}", guest.name)).unwrap();
    host.deploy_with(&wasm, &manifest).await.unwrap();
}

/// What a relay answered.
pub(super) fn read(answer: Answer) -> Reader {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    Reader::new(answer.body)
}

/// A function's name as a target.
pub(super) fn target(guest: &Guest) -> String {
    format!("fn:conformance-{}", guest.name)
}

/// A request as a guest sends it.
pub(super) fn write_request(
    call: &mut Writer,
    (method, url): (&str, &str),
    headers: &[(&str, &str)],
    body: &[u8],
) {
    call.string(method).string(url);
    call.list(headers, |call, (name, value)| {
        call.string(name).string(value);
    });
    call.bytes(body).u8(0);
}

/// A call of `invoke` that gets a path.
pub(super) fn get(target: &str, path: &str) -> Writer {
    let mut call = Writer::default();
    call.string("invoke.call").string(target);
    write_request(&mut call, ("GET", path), &[], &[]);
    call
}

/// A call of `invoke` to another relay, which makes `inner`.
pub(super) fn through(target: &str, inner: Writer) -> Writer {
    let mut call = Writer::default();
    call.string("invoke.call").string(target);
    write_request(&mut call, ("POST", "/conformance/"), &[], &inner.finish());
    call
}

/// A question to `context` about a name.
pub(super) fn fact(name: &str) -> Writer {
    let mut call = Writer::default();
    call.string("context.get").string(name);
    call
}

/// A question to `context` without parameters.
pub(super) fn ask(operation: &str) -> Writer {
    let mut call = Writer::default();
    call.string(operation);
    call
}

/// What came back through `invoke` or `http-client`.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Came {
    /// The first value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What another relay answered.
    pub(super) fn inner(self) -> Reader {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        Reader::new(self.body)
    }
}

/// Reads the outcome of one exchange.
pub(super) fn outcome(mut reader: Reader) -> Result<Came, Error> {
    let found = one(&mut reader).unwrap();
    reader.end().unwrap();
    found
}

/// Reads the outcomes of several.
pub(super) fn outcomes(mut reader: Reader) -> Vec<Result<Came, Error>> {
    let found = reader.list(one).unwrap();
    reader.end().unwrap();
    found
}

fn one(reader: &mut Reader) -> Read<Result<Came, Error>> {
    result(reader, |reader| {
        let status = reader.u16()?;
        let headers = reader.list(|reader| Ok((reader.string()?, reader.string()?)))?;
        Ok(Came { status, headers, body: reader.bytes()? })
    })
}
