//! What functions answer to calls that are allowed.

use std::fmt::Write as _;

use crate::abi::{self, at, list};

/// Each function that has nothing to do here, asked of a stream and of a descriptor that is none.
pub(crate) fn errors() -> String {
    let mut out = [0_u64; 8];
    let out = at(&mut out);
    let mut lines = String::new();
    for fd in [1, 3] {
        let answers = [
            ("fd_advise", abi::fd_advise(fd, 0, 0, 0)),
            ("fd_allocate", abi::fd_allocate(fd, 0, 1)),
            ("fd_datasync", abi::fd_datasync(fd)),
            ("fd_fdstat_set_flags", abi::fd_fdstat_set_flags(fd, 4)),
            ("fd_fdstat_set_rights", abi::fd_fdstat_set_rights(fd, 0, 0)),
            ("fd_filestat_set_size", abi::fd_filestat_set_size(fd, 1)),
            ("fd_filestat_set_times", abi::fd_filestat_set_times(fd, 0, 0, 0)),
            ("fd_pread", abi::fd_pread(fd, 0, 0, 0, out)),
            ("fd_prestat_get", abi::fd_prestat_get(fd, out)),
            ("fd_prestat_dir_name", abi::fd_prestat_dir_name(fd, out, 8)),
            ("fd_pwrite", abi::fd_pwrite(fd, 0, 0, 0, out)),
            ("fd_readdir", abi::fd_readdir(fd, out, 8, 0, out)),
            ("fd_renumber", abi::fd_renumber(fd, 2)),
            ("fd_seek", abi::fd_seek(fd, 0, 0, out)),
            ("fd_sync", abi::fd_sync(fd)),
            ("fd_tell", abi::fd_tell(fd, out)),
            ("path_create_directory", abi::path_create_directory(fd, out, 1)),
            ("path_filestat_get", abi::path_filestat_get(fd, 0, out, 1, out)),
            ("path_open", abi::path_open(fd, 0, out, 1, 0, 0, 0, 0, out)),
            ("path_unlink_file", abi::path_unlink_file(fd, out, 1)),
            ("proc_raise", abi::proc_raise(6)),
            ("sched_yield", abi::sched_yield()),
            ("sock_accept", abi::sock_accept(fd, 0, out)),
            ("sock_shutdown", abi::sock_shutdown(fd, 0)),
        ];
        for (name, errno) in answers {
            let _ = writeln!(lines, "{name} {fd} {errno}");
        }
    }
    lines
}

/// What the streams say, before and after they are closed.
pub(crate) fn streams() -> String {
    let mut lines = String::new();
    for fd in [0, 1, 2, 3, -1] {
        let (mut stat, mut file, mut count) = ([7_u64; 3], [7_u64; 8], 7_usize);
        let stats =
            (abi::fd_fdstat_get(fd, at(&mut stat)), abi::fd_filestat_get(fd, at(&mut file)));
        let parts = list(&[b"from ", b"", b"preview 1\n"]);
        let written = abi::fd_write(fd, parts.as_ptr() as usize, parts.len(), at(&mut count));
        let read = abi::fd_read(fd, parts.as_ptr() as usize, parts.len(), at(&mut count));
        let closed = (abi::fd_close(fd), abi::fd_close(fd));
        let after = abi::fd_write(fd, parts.as_ptr() as usize, parts.len(), at(&mut count));
        let _ = writeln!(
            lines,
            "{fd}: {stats:?} {stat:?} {file:?}, write {written}, read {read}, {count}, close {closed:?}, write {after}"
        );
    }
    let (mut count, mut size) = (7_usize, 7_usize);
    let none = abi::args_sizes_get(at(&mut count), at(&mut size));
    let _ = writeln!(lines, "args {none} {count} {size}");
    let none = abi::environ_sizes_get(at(&mut count), at(&mut size));
    let _ = writeln!(lines, "environ {none} {count} {size}");
    lines
}

/// Clocks 0 to 3, each read twice.
pub(crate) fn clocks() -> String {
    let mut lines = String::new();
    for clock in 0..4 {
        let (mut resolution, mut first, mut second) = (0_u64, 0_u64, 0_u64);
        let answers = [
            abi::clock_res_get(clock, at(&mut resolution)),
            abi::clock_time_get(clock, 0, at(&mut first)),
            abi::clock_time_get(clock, i64::MAX, at(&mut second)),
        ];
        let _ = writeln!(lines, "{clock} {answers:?} {resolution} {first} {second}");
    }
    lines
}

/// A buffer with eight zeros on each side of the random bytes.
pub(crate) fn random(bytes: usize, skip: usize) -> Vec<u8> {
    let mut buffer = vec![0; skip + bytes + 16];
    let errno = abi::random_get(buffer.as_mut_ptr() as usize + skip + 8, bytes);
    assert_eq!(errno, 0, "random_get");
    buffer.drain(..skip);
    buffer
}

/// The error and the number of bytes taken of one write to standard output.
pub(crate) fn write(bytes: usize, parts: usize) -> String {
    let mut text = vec![b'w'; bytes / parts];
    if let Some(last) = text.last_mut() {
        *last = b'\n';
    }
    let parts = list(&vec![&text[..]; parts]);
    let mut count = 7_usize;
    let errno = abi::fd_write(1, parts.as_ptr() as usize, parts.len(), at(&mut count));
    format!("{errno} {count}")
}
