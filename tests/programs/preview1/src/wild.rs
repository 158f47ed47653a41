//! Pointers and counts that no memory has.

use ottavo_sdk::{Error, Result};

use crate::abi::{self, at, list};

/// Beyond every memory.
const NOWHERE: usize = usize::MAX - 0xff;
/// The last number there is.
const MOST: usize = usize::MAX;

/// Calls the function in a way that cannot be served. What it answers when it does not trap.
pub(crate) fn call(what: &str) -> Result<String> {
    let mut out = 0_usize;
    let (one, out) = (list(&[b"x"]), at(&mut out));
    let (list_at, far, huge) =
        (one.as_ptr() as usize, [[NOWHERE, 8]], [[one.as_ptr() as usize, MOST]]);
    let errno = match what {
        "args_sizes_get" => abi::args_sizes_get(NOWHERE, out),
        "clock_res_get" => abi::clock_res_get(0, NOWHERE),
        "clock_time_get" => abi::clock_time_get(1, 0, NOWHERE),
        "environ_sizes_get" => abi::environ_sizes_get(out, NOWHERE),
        "fd_fdstat_get" => abi::fd_fdstat_get(1, NOWHERE),
        "fd_filestat_get" => abi::fd_filestat_get(1, NOWHERE),
        "fd_read-out" => abi::fd_read(0, list_at, 1, NOWHERE),
        "fd_write-bytes" => abi::fd_write(1, far.as_ptr() as usize, 1, out),
        "fd_write-count" => abi::fd_write(1, list_at, MOST, out),
        "fd_write-length" => abi::fd_write(1, huge.as_ptr() as usize, 1, out),
        "fd_write-list" => abi::fd_write(1, NOWHERE, 1, out),
        "fd_write-out" => abi::fd_write(1, list_at, 1, NOWHERE),
        "poll-count" => {
            // as many as there can be, all of which are due
            let mut subs = [[1_u64, 2, 1, 0, 0, 0]; 64];
            let mut events = [[0_u64; 4]; 64];
            abi::poll_oneoff(at(&mut subs), at(&mut events), MOST, out)
        }
        "poll-events" => {
            let mut sub = [1_u64, 2, 1, 0, 0, 0];
            abi::poll_oneoff(at(&mut sub), NOWHERE, 1, out)
        }
        "poll-out" => {
            let (mut sub, mut event) = ([1_u64, 2, 1, 0, 0, 0], [0_u64; 4]);
            abi::poll_oneoff(at(&mut sub), at(&mut event), 1, NOWHERE)
        }
        "poll-subs" => abi::poll_oneoff(NOWHERE, out, 1, out),
        "random_get" => abi::random_get(NOWHERE, 0x200),
        "random_get-size" => abi::random_get(out, MOST),
        other => return Err(Error::not_found(format!("nothing wild is called `{other}`"))),
    };
    Ok(format!("{what} {errno}"))
}
