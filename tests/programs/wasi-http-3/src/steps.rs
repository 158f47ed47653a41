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

use ottavo_sdk::state::Store;
use wasip3::clocks::monotonic_clock::wait_for;
use wasip3::http::types::{Fields, Request, Response};
use wasip3::spawn_local;

use crate::answer::{Body, Reading, begin};

/// A moment, in nanoseconds.
const MOMENT: u64 = 300_000_000;

pub(crate) fn run(request: Request) -> Response {
    let (body, response) = begin(200, Fields::new());
    spawn_local(steps(Reading::of(request), body));
    response
}

async fn steps(mut reading: Reading, mut body: Body) {
    let mut waiting = Vec::new();
    while let Some(chunk) = reading.next().await {
        waiting.extend(chunk);
        while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = waiting.drain(..=end).collect();
            match line.trim_ascii_end() {
                b"trap" => panic!("on purpose"),
                b"drop" => return body.give_up().await,
                b"leave" => return std::mem::forget((body, reading)),
                b"spin" => loop {
                    std::hint::spin_loop();
                },
                b"sleep" => wait_for(u64::MAX).await,
                b"after" => {
                    body.finish(None).await;
                    wait_for(MOMENT).await;
                    Store::open("default").set("after", "done").expect("the state is there");
                    return;
                }
                _ => body.send(line).await,
            }
        }
    }
    reading.end().await.expect("the client sends lines");
    body.finish(None).await;
}
