//! An answer that is made while its client says what comes next: one step for each line of the body.
//!
//! | line | what happens |
//! |---|---|
//! | `trap` | panics |
//! | `drop` | gives the answer's body up, and ends |
//! | `leave` | ends without finishing the body |
//! | `spin` | runs for ever |
//! | `sleep` | waits for ever |
//! | `after` | finishes the body, waits a moment, and writes the state `after` |
//! | else | the line comes back |

use std::io::{BufRead as _, BufReader};

use ottavo_sdk::state::Store;
use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{Fields, IncomingRequest, ResponseOutparam};

use crate::answer::{begin, request_body};

/// A moment, in nanoseconds.
const MOMENT: u64 = 300_000_000;

pub(crate) fn run(request: &IncomingRequest, out: ResponseOutparam) {
    let mut body = begin(out, 200, Fields::new());
    let (incoming, input) = request_body(request);
    let lines = BufReader::new(input).lines();
    for line in lines {
        let line = line.expect("the client sends lines");
        match &*line {
            "trap" => panic!("on purpose"),
            "drop" => return drop(body),
            "leave" => return std::mem::forget((body, incoming)),
            "spin" => loop {
                std::hint::spin_loop();
            },
            "sleep" => monotonic_clock::subscribe_duration(u64::MAX).block(),
            "after" => {
                body.finish();
                monotonic_clock::subscribe_duration(MOMENT).block();
                Store::open("default").set("after", "done").expect("the state is there");
                return;
            }
            _ => body.send(format!("{line}\n").as_bytes()),
        }
    }
    body.finish();
}
