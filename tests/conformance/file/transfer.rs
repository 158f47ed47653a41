//! A file far larger than what anybody on its way may hold: through the door of apps, and through a
//! guest whose memory it does not fit into.

use bytes::Bytes;
use futures_util::stream;
use ottavo_core::Shutdown;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::file_open_response::Part;
use ottavo_wire::v1::*;

use crate::guests;
use crate::host::Host;
use crate::relay::encoding::{Reader, Writer};
use crate::relay::result;
use crate::servers::Servers;

/// 160 MiB, in chunks; a guest has 128 MiB.
const CHUNKS: u32 = 160;
const CHUNK: usize = 1 << 20;

/// What the host's own memory may grow by meanwhile: a few chunks, and what allocators keep of them.
const GROWTH: u64 = 96 << 20;

/// The bytes of one chunk, which no other has.
fn chunk(number: u32) -> Bytes {
    let mut data = vec![0; CHUNK];
    fastrand::Rng::with_seed(number.into()).fill(&mut data);
    data.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_much_larger_than_memory_passes_both_doors() {
    let servers = Servers::start().await;
    let (host, shutdown) = (Host::start(&servers).await, Shutdown::new());
    let mut client = FileClient::new(host.channel().await).max_decoding_message_size(4 << 20);
    let size = u64::from(CHUNKS) << 20;
    for store in ["s3", "local"] {
        let before = host.resident_bytes();
        let (store, name) = (store.to_owned(), "large".to_owned());
        let begin = FileBegin { store: store.clone(), name, ..FileBegin::default() };
        let steps = (0..CHUNKS + 2).map(move |number| {
            let step = match number {
                0 => Step::Begin(begin.clone()),
                n if n <= CHUNKS => Step::Chunk(chunk(n)),
                _ => Step::Finish(true),
            };
            FileCreateRequest { step: Some(step) }
        });
        let created = client.create(stream::iter(steps)).await.unwrap().into_inner();
        assert_eq!(created.info.unwrap().size, size);
        expect(&mut client, &store, "large", size).await;
        let grown = host.resident_bytes().saturating_sub(before);
        assert!(grown < GROWTH, "{store}: the host grew by {grown} bytes with a file of {size}");
    }

    for guest in guests::built() {
        host.deploy(&guest).await;
        let relay = host.relay(&guest, &shutdown).await;
        let before = host.resident_bytes();
        let mut call = Writer::default();
        call.string("file.copy").string("local").string("large").string(&guest.name);
        call.u32(1 << 18);
        let mut answer = Reader::new(relay.post(call.finish()).await.unwrap());
        let copied = result(&mut answer, Reader::u64).unwrap().unwrap();
        assert_eq!(copied, size, "{}", guest.name);
        expect(&mut client, "local", &guest.name, size).await;
        let grown = host.resident_bytes().saturating_sub(before);
        assert!(grown < size, "{}: the host grew by {grown} bytes", guest.name);
        let name = guest.name.clone();
        client.delete(FileDeleteRequest { store: "local".to_owned(), name }).await.unwrap();
    }
}

/// Reads a file as it was written, chunk by chunk.
async fn expect(
    client: &mut FileClient<tonic::transport::Channel>,
    store: &str,
    name: &str,
    size: u64,
) {
    let request = FileOpenRequest {
        store: store.to_owned(),
        name: name.to_owned(),
        ..FileOpenRequest::default()
    };
    let mut parts = client.open(request).await.unwrap().into_inner();
    let (mut number, mut wanted, mut read) = (0, Bytes::new(), 0);
    while let Some(answer) = parts.message().await.unwrap() {
        let Some(Part::Chunk(mut data)) = answer.part else { continue };
        read += data.len() as u64;
        while !data.is_empty() {
            if wanted.is_empty() {
                number += 1;
                wanted = chunk(number);
            }
            let length = data.len().min(wanted.len());
            assert!(data.split_to(length) == wanted.split_to(length), "chunk {number} of `{name}`");
        }
    }
    assert_eq!(read, size, "`{name}`");
}
