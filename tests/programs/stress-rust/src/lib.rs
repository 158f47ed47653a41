//! The same work in every language, for long runs in one instance: see `tests/programs/README.md`.

use ottavo_sdk::state::Store;
use ottavo_sdk::{Error, Kind, Request, Response, Result, log, status};

#[ottavo_sdk::http]
fn stress(request: Request) -> Result<Response> {
    match request.param("what").unwrap_or_default() {
        "echo" => {
            let length = request.body().len().to_string();
            Ok(Response::bytes(request.into_body()).with_header("x-length", &length))
        }
        "store" => store(&request),
        "memory" => Ok(Response::text(format!("memory={} collections=-", memory()))),
        "panic" => fail_deep_inside(&text(&request)),
        "trap" => Ok(Response::text(descend(3, 0).to_string())),
        "fail" => Err(returned(&request)?),
        "log" => {
            let text = text(&request);
            log::info!("{text}");
            print(&text);
            Ok(Response::status(status::NO_CONTENT))
        }
        other => Err(Error::not_found(format!("there is no `{other}`"))),
    }
}

/// Writes the body and reads it back, so many times.
fn store(request: &Request) -> Result<Response> {
    let key = request.query("key").unwrap_or_default();
    let times = request.query("times").unwrap_or_else(|| "1".to_owned());
    let times: u32 =
        times.parse().map_err(|_| Error::invalid_argument(format!("`{times}` is no number")))?;
    let store = Store::open("default");
    let mut hash = 0;
    for _ in 0..times {
        store.set(&key, request.body())?;
        let read = store.get(&key)?.ok_or_else(|| Error::internal("what was written is gone"))?;
        if read.bytes() != request.body() {
            return Err(Error::internal("what was read is not what was written"));
        }
        hash = fnv_1a(read.bytes());
    }
    Ok(Response::text(format!("{hash:016x}")))
}

fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn fail_deep_inside(text: &str) -> ! {
    panic!("{text}")
}

#[inline(never)]
fn descend(steps: u32, by: u32) -> u32 {
    match std::hint::black_box(steps) {
        0 => step_on_a_mine(by),
        steps => descend(steps - 1, by) + 1,
    }
}

#[inline(never)]
fn step_on_a_mine(by: u32) -> u32 {
    match std::hint::black_box(by) {
        #[cfg(target_family = "wasm")]
        0 => core::arch::wasm32::unreachable(),
        by => by,
    }
}

fn returned(request: &Request) -> Result<Error> {
    let name = request.query("kind").unwrap_or_default();
    let kind = Kind::ALL.iter().find(|kind| kind.name() == name);
    let kind = kind.ok_or_else(|| Error::invalid_argument(format!("no kind `{name}`")))?;
    Ok(Error::new(*kind, "as asked"))
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "what is tested")]
fn print(text: &str) {
    println!("out: {text}");
    eprintln!("err: {text}");
}

fn text(request: &Request) -> String {
    request.query("text").unwrap_or_default()
}

#[cfg(target_family = "wasm")]
fn memory() -> usize {
    core::arch::wasm32::memory_size(0) << 16
}

#[cfg(not(target_family = "wasm"))]
fn memory() -> usize {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
