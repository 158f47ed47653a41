//! Standard WASI 0.2, with nothing granted. Standard output and error become lines of the log.

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::call::Call;
use crate::output::Stream;
use crate::wasi_http::Http;

/// Made for the first WASI call of a guest, if it makes one.
pub(crate) struct Wasi {
    context: WasiCtx,
    pub(crate) table: ResourceTable,
    /// Made for its first call of `wasi:http`.
    pub(crate) http: Option<Http>,
}

impl WasiView for Call {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        if self.wasi.is_none() {
            let output = self.output();
            let mut builder = WasiCtx::builder();
            builder.stdout(output.writer(Stream::Stdout)).stderr(output.writer(Stream::Stderr));
            builder.allow_tcp(false).allow_udp(false);
            let mut table = ResourceTable::new();
            table.set_max_capacity(self.limits().handles as usize);
            self.wasi = Some(Box::new(Wasi { context: builder.build(), table, http: None }));
        }
        let wasi = self.wasi.as_mut().expect("made above");
        WasiCtxView { ctx: &mut wasi.context, table: &mut wasi.table }
    }
}
