//! Makes one block call as often as it is told: `/calls/state-get?store=redis&times=1000`.

use std::time::Duration;

use ottavo_sdk::binding::Binding;
use ottavo_sdk::http_client::Outgoing;
use ottavo_sdk::lock::Lock;
use ottavo_sdk::pubsub::Message;
use ottavo_sdk::sequencer::{Order, Sequencer};
use ottavo_sdk::{
    Error, Kind, Request, Result, config, context, file, invoke, pubsub, secret, state,
};

#[ottavo_sdk::http]
fn calls(request: Request) -> Result<String> {
    let what = request.param("what").unwrap_or_default().to_owned();
    let store = request.query("store").unwrap_or_default();
    let times = request.query("times").and_then(|times| times.parse().ok()).unwrap_or(1_u64);
    let call = chosen(&what, store, request.body().to_vec())?;
    for _ in 0..times {
        call()?;
    }
    Ok(format!("{times} times"))
}

type Call = Box<dyn Fn() -> Result<()>>;

fn chosen(what: &str, store: String, data: Vec<u8>) -> Result<Call> {
    Ok(match what {
        "nothing" => Box::new(|| Ok(())),
        "remaining" => Box::new(|| {
            std::hint::black_box(context::remaining());
            Ok(())
        }),
        "state-get" => {
            let store = state::Store::open(store);
            let missing = || Error::new(Kind::NotFound, "nothing was set");
            Box::new(move || store.get("bench")?.map(drop).ok_or_else(missing))
        }
        "state-set" => {
            let store = state::Store::open(store);
            Box::new(move || store.set("bench", &data).map(drop))
        }
        "pubsub-publish" => {
            let store = pubsub::Store::open(store);
            Box::new(move || store.publish("bench-events", &Message::bytes(&data)).map(drop))
        }
        "config-get" => {
            let store = config::Store::open(store);
            Box::new(move || store.get(&config::Scope::of("bench"), "bench").map(drop))
        }
        "lock-hold" => {
            let lock = Lock::open(store);
            Box::new(move || {
                let guard = lock.try_lock("bench", Duration::from_secs(10))?;
                let held = guard.ok_or_else(|| Error::new(Kind::Conflict, "it is held"))?;
                held.unlock().map(drop)
            })
        }
        "sequencer-next" => {
            let sequencer = Sequencer::open(store);
            Box::new(move || sequencer.next("bench", Order::Strong).map(drop))
        }
        "file-read" => {
            let store = file::Store::open(store);
            Box::new(move || store.read("bench").map(drop))
        }
        "file-write" => {
            let store = file::Store::open(store);
            Box::new(move || store.write("bench", &data).map(drop))
        }
        "secret-get" => {
            let store = secret::Store::open(store);
            Box::new(move || store.get("bench").map(drop))
        }
        "binding-invoke" => {
            let binding = Binding::open(store);
            Box::new(move || binding.invoke("create", &data, &[]).map(drop))
        }
        "invoke-call" => {
            Box::new(move || invoke::call(&store, &Outgoing::post("/", &data[..])).map(drop))
        }
        other => return Err(Error::new(Kind::NotFound, format!("no call `{other}`"))),
    })
}
