//! Standard WASI 0.2, with nothing granted. Standard output and error become lines of the log.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::call::Call;
use crate::output::{Output, Stream};

/// Made for the first WASI call of a guest, if it makes one.
pub(crate) struct Wasi {
    context: WasiCtx,
    table: ResourceTable,
    pub(crate) output: Output,
}

/// How many handles a guest may hold.
const HANDLES: usize = 10_000;

impl WasiView for Call {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let Call { wasi, facts, session, .. } = self;
        let wasi = wasi.get_or_insert_with(|| {
            let output = Output::new(facts.clone(), Arc::clone(&session.context().request_id));
            let mut builder = WasiCtx::builder();
            builder.stdout(output.writer(Stream::Stdout)).stderr(output.writer(Stream::Stderr));
            builder.allow_tcp(false).allow_udp(false);
            let mut table = ResourceTable::new();
            table.set_max_capacity(HANDLES);
            Box::new(Wasi { context: builder.build(), table, output })
        });
        WasiCtxView { ctx: &mut wasi.context, table: &mut wasi.table }
    }
}
