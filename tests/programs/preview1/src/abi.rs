//! The functions of preview 1 that are called here, as WebAssembly sees them: all numbers.
#![cfg_attr(target_family = "wasm", expect(unsafe_code, reason = "what is tested"))]
#![expect(clippy::too_many_arguments, reason = "preview 1 has them")]

macro_rules! functions {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        #[cfg(target_family = "wasm")]
        mod imports {
            #[link(wasm_import_module = "wasi_snapshot_preview1")]
            unsafe extern "C" {
                $(pub(super) fn $name($($argument: $type),*) -> i32;)*
            }
        }
        $(
            /// The function of this name.
            #[cfg(target_family = "wasm")]
            pub(crate) fn $name($($argument: $type),*) -> i32 {
                // SAFETY: pointers are to buffers of this module, or meant to trap
                unsafe { imports::$name($($argument),*) }
            }

            /// There is no host on another target: it is for checks alone.
            #[cfg(not(target_family = "wasm"))]
            pub(crate) fn $name($($argument: $type),*) -> i32 {
                let _ = ($($argument,)*);
                52
            }
        )*
    };
}

functions! {
    args_sizes_get(count: usize, size: usize);
    environ_sizes_get(count: usize, size: usize);
    clock_res_get(clock: i32, out: usize);
    clock_time_get(clock: i32, precision: i64, out: usize);
    fd_advise(fd: i32, offset: i64, size: i64, advice: i32);
    fd_allocate(fd: i32, offset: i64, size: i64);
    fd_close(fd: i32);
    fd_datasync(fd: i32);
    fd_fdstat_get(fd: i32, out: usize);
    fd_fdstat_set_flags(fd: i32, flags: i32);
    fd_fdstat_set_rights(fd: i32, base: i64, inheriting: i64);
    fd_filestat_get(fd: i32, out: usize);
    fd_filestat_set_size(fd: i32, size: i64);
    fd_filestat_set_times(fd: i32, accessed: i64, modified: i64, flags: i32);
    fd_pread(fd: i32, list: usize, count: usize, offset: i64, out: usize);
    fd_prestat_get(fd: i32, out: usize);
    fd_prestat_dir_name(fd: i32, path: usize, size: usize);
    fd_pwrite(fd: i32, list: usize, count: usize, offset: i64, out: usize);
    fd_read(fd: i32, list: usize, count: usize, out: usize);
    fd_readdir(fd: i32, buffer: usize, size: usize, cookie: i64, out: usize);
    fd_renumber(fd: i32, to: i32);
    fd_seek(fd: i32, offset: i64, whence: i32, out: usize);
    fd_sync(fd: i32);
    fd_tell(fd: i32, out: usize);
    fd_write(fd: i32, list: usize, count: usize, out: usize);
    path_create_directory(fd: i32, path: usize, size: usize);
    path_filestat_get(fd: i32, flags: i32, path: usize, size: usize, out: usize);
    path_open(fd: i32, flags: i32, path: usize, size: usize, how: i32, base: i64, inheriting: i64, fdflags: i32, out: usize);
    path_unlink_file(fd: i32, path: usize, size: usize);
    poll_oneoff(subscriptions: usize, events: usize, count: usize, out: usize);
    proc_raise(signal: i32);
    random_get(at: usize, size: usize);
    sched_yield();
    sock_accept(fd: i32, flags: i32, out: usize);
    sock_shutdown(fd: i32, how: i32);
}

/// The numbers of one `ciovec` after the other.
pub(crate) fn list(parts: &[&[u8]]) -> Vec<[usize; 2]> {
    parts.iter().map(|part| [part.as_ptr() as usize, part.len()]).collect()
}

/// Where a value lies.
pub(crate) fn at<T>(value: &mut T) -> usize {
    std::ptr::from_mut(value) as usize
}
