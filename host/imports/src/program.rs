//! `ottavo:runtime/program`: what the runtime libraries of guest languages ask of a host.

use std::time::{Duration, SystemTime};

use ottavo_engine::Exit;
use tokio::time::Instant;

use crate::Call;
use crate::bindings::preview1::ottavo::runtime::program::{Host, Output};
use crate::output::Stream;

/// The clock of one instance, which begins when it is first read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Monotonic(Option<Instant>);

impl Monotonic {
    fn origin(&mut self) -> Instant {
        *self.0.get_or_insert_with(Instant::now)
    }

    /// Never zero: standard Go takes zero for a broken clock.
    fn now(&mut self) -> u64 {
        nanos(self.origin().elapsed()).saturating_add(1)
    }

    /// When the clock shows `nanos`; none when that is beyond what the host can tell.
    fn when(&mut self, nanos: u64) -> Option<Instant> {
        self.origin().checked_add(Duration::from_nanos(nanos))
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Host for Call {
    fn write(&mut self, to: Output, bytes: Vec<u8>) {
        let stream = match to {
            Output::Stdout => Stream::Stdout,
            Output::Stderr => Stream::Stderr,
        };
        self.output().take(stream, &bytes);
    }

    fn monotonic(&mut self) -> u64 {
        self.monotonic.now()
    }

    fn wall(&mut self) -> u64 {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, nanos)
    }

    fn random(&mut self) -> u64 {
        rand::random()
    }

    /// As long as the guest likes: the call's deadline ends the wait with the call.
    async fn sleep_until(&mut self, instant: u64) {
        let wake = self.monotonic.when(instant);
        let (clock, _) = self.door();
        clock
            .exempt(async {
                match wake {
                    Some(wake) => tokio::time::sleep_until(wake).await,
                    None => std::future::pending().await,
                }
            })
            .await;
    }

    fn exit(&mut self, code: u32) -> wasmtime::Result<()> {
        Err(Exit(code).into())
    }
}
