//! Standard WASI 0.2, with nothing granted. Standard output and error become lines of the log.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ottavo_telemetry::Level;
use tokio::io::AsyncWrite;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::call::Call;
use crate::facts::Facts;

/// A line that is longer is cut into several.
const LONGEST_LINE: usize = 4 << 10;

/// Made for the first WASI call of a guest, if it makes one.
pub(crate) struct Wasi {
    context: WasiCtx,
    table: ResourceTable,
}

/// How many handles a guest may hold.
const HANDLES: usize = 10_000;

impl WasiView for Call {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let Call { wasi, facts, session, .. } = self;
        let wasi = wasi.get_or_insert_with(|| {
            let output = |level| {
                let request_id = Arc::clone(&session.context().request_id);
                Output { facts: facts.clone(), request_id, level }
            };
            let mut builder = WasiCtx::builder();
            builder.stdout(output(Level::Info)).stderr(output(Level::Warn));
            builder.allow_tcp(false).allow_udp(false);
            let mut table = ResourceTable::new();
            table.set_max_capacity(HANDLES);
            Box::new(Wasi { context: builder.build(), table })
        });
        WasiCtxView { ctx: &mut wasi.context, table: &mut wasi.table }
    }
}

/// Standard output or error of one call.
#[derive(Clone)]
struct Output {
    facts: Facts,
    request_id: Arc<str>,
    level: Level,
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(Lines { output: self.clone(), line: Vec::new() })
    }
}

/// Writes each line to the log as it ends; the last one when the stream goes away.
struct Lines {
    output: Output,
    line: Vec<u8>,
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if self.line.last() == Some(&b'\n') || self.line.len() >= LONGEST_LINE {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\n', '\r']);
        if !text.is_empty() {
            let Output { facts, request_id, level } = &self.output;
            facts.log(request_id, *level, text.to_owned(), Vec::new());
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.end();
    }
}

impl AsyncWrite for Lines {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.take(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
