//! A block's call by its trait: of a driver itself, and of the gRPC door behind the same trait.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ottavo_blocks::Options;
use ottavo_blocks::binding::{Binding, Metadata, Operation};
use ottavo_blocks::config::{Config, Item, Scope, Wanted};
use ottavo_blocks::file::{ChunkSize, File, FileName, NewFile, Range};
use ottavo_blocks::invoke::{Call, Invoke};
use ottavo_blocks::lock::{Claim, Lock, Ttl};
use ottavo_blocks::pubsub::{Message, PubSub, Topic};
use ottavo_blocks::secret::Secrets;
use ottavo_blocks::sequencer::{Order, Sequencer};
use ottavo_blocks::state::{Entry, Key, State};
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Caller};

use crate::measure::{Calls, calls};

fn cx() -> CallContext {
    CallContext::new("bench".into(), Caller::Anonymous, Duration::from_secs(30))
}

fn key() -> Key {
    Key::parse("bench").unwrap()
}

pub(crate) fn state_get(store: Arc<dyn State>) -> Calls {
    calls(move || {
        let store = Arc::clone(&store);
        async move {
            store.get(&cx(), &key(), &Options::default()).await.unwrap().expect("it was set");
        }
    })
}

pub(crate) fn state_set(store: Arc<dyn State>, data: Bytes) -> Calls {
    calls(move || {
        let (store, data) = (Arc::clone(&store), data.clone());
        async move {
            store.set(&cx(), Entry::new(key(), data)).await.unwrap();
        }
    })
}

pub(crate) fn publish(store: Arc<dyn PubSub>, data: Bytes) -> Calls {
    calls(move || {
        let (store, data) = (Arc::clone(&store), data.clone());
        async move {
            let message = Message::new("application/octet-stream", data);
            store.publish(&cx(), &Topic::parse("bench-events").unwrap(), message).await.unwrap();
        }
    })
}

pub(crate) async fn config_save(store: &dyn Config) {
    let scope = Scope::parse("bench", "", "").unwrap();
    store.save(&cx(), &scope, vec![Item::new(key(), "a value")]).await.unwrap();
}

pub(crate) fn config_get(store: Arc<dyn Config>) -> Calls {
    let scope = Scope::parse("bench", "", "").unwrap();
    let wanted = Wanted::Keys(vec![key()]);
    calls(move || {
        let (store, scope, wanted) = (Arc::clone(&store), scope.clone(), wanted.clone());
        async move {
            assert_eq!(store.get(&cx(), &scope, &wanted).await.unwrap().len(), 1);
        }
    })
}

pub(crate) fn lock_hold(store: Arc<dyn Lock>) -> Calls {
    calls(move || {
        let store = Arc::clone(&store);
        async move {
            let ttl = Ttl::parse(10_000).unwrap();
            let claim = Claim { resource: key(), owner: None, ttl, wait: Duration::ZERO };
            let lease = store.try_lock(&cx(), claim).await.unwrap().expect("nobody holds it");
            store.unlock(&cx(), &key(), &lease.owner).await.unwrap();
        }
    })
}

pub(crate) fn sequencer_next(store: Arc<dyn Sequencer>) -> Calls {
    calls(move || {
        let store = Arc::clone(&store);
        async move {
            store.next(&cx(), &key(), Order::Strong).await.unwrap();
        }
    })
}

pub(crate) fn file_read(store: Arc<dyn File>) -> Calls {
    calls(move || {
        let store = Arc::clone(&store);
        async move {
            let name = FileName::parse("bench").unwrap();
            let opened = store.open(&cx(), &name, Range::default()).await.unwrap();
            let mut reader = opened.expect("it was written");
            let max = ChunkSize::parse(64 << 10).unwrap();
            while !reader.read(&cx(), max).await.unwrap().is_empty() {}
        }
    })
}

pub(crate) fn file_write(store: Arc<dyn File>, data: Bytes) -> Calls {
    calls(move || {
        let (store, data) = (Arc::clone(&store), data.clone());
        async move {
            let file = NewFile::new(FileName::parse("bench").unwrap());
            let mut writer = store.create(&cx(), file).await.unwrap();
            writer.write(&cx(), data).await.unwrap();
            writer.finish(&cx()).await.unwrap();
        }
    })
}

pub(crate) fn secret_get(store: Arc<dyn Secrets>) -> Calls {
    calls(move || {
        let store = Arc::clone(&store);
        async move {
            store.get(&cx(), &key(), None).await.unwrap().expect("it is configured");
        }
    })
}

pub(crate) fn invoke_call(store: Arc<dyn Invoke>, data: Bytes) -> Calls {
    calls(move || {
        let (store, data) = (Arc::clone(&store), data.clone());
        async move {
            let request = http::Request::post("/").body(data).unwrap();
            let call = Call { request, max_body: ByteCount::mib(1) };
            store.call(&cx(), &"peer".parse().unwrap(), call).await.unwrap();
        }
    })
}

pub(crate) fn binding_invoke(store: Arc<dyn Binding>, data: Bytes) -> Calls {
    let operation = Operation::parse("create").unwrap();
    calls(move || {
        let (store, operation, data) = (Arc::clone(&store), operation.clone(), data.clone());
        async move {
            store.invoke(&cx(), &operation, data, &Metadata::default()).await.unwrap();
        }
    })
}
