//! Callers of one host: they count, and remember what was acknowledged.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};

use super::house::House;
use super::tally::{Fault, Tally, When};
use crate::demo::request::{Answer, Request};

/// What the routes of the languages begin with, and the counters of each.
const LANGUAGES: [&str; 3] = ["", "/go", "/assemblyscript"];
const COUNTERS: usize = 4;

/// What was asked of one counter.
#[derive(Default)]
struct Counter {
    /// Answered with 200.
    acknowledged: AtomicU64,
    /// Not answered so: it may have been counted.
    unknown: AtomicU64,
}

/// One host's load.
pub(super) struct Load {
    address: SocketAddr,
    tally: Arc<Tally>,
    out: AtomicBool,
    counters: [[Counter; COUNTERS]; LANGUAGES.len()],
}

impl Load {
    pub(super) fn of(house: &House, tally: &Arc<Tally>) -> Load {
        let (address, tally) = (house.http(), Arc::clone(tally));
        Load { address, tally, out: AtomicBool::new(false), counters: Default::default() }
    }

    /// Runs what takes the host away for a while: failures until its end have their reason.
    pub(super) fn out<R>(&self, work: impl FnOnce() -> Result<R>) -> Result<R> {
        self.out.store(true, Ordering::SeqCst);
        let done = work();
        self.out.store(false, Ordering::SeqCst);
        done
    }

    /// Calls, one after the other.
    pub(super) fn call_until(&self, over: &AtomicBool, seed: u64) {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed + 1);
        while !over.load(Ordering::SeqCst) {
            // xorshift: the same calls in each run
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            match random % 100 {
                0..90 => self.count(random as usize >> 8),
                90..94 => self.provoke("/faults/trap", Fault::Trap, 500),
                94..96 => self.provoke("/faults/panic", Fault::Trap, 500),
                96 => self.provoke("/faults/spin", Fault::Loop, 504),
                97 => self.provoke("/faults/hoard", Fault::Memory, 500),
                _ => self.leave(),
            }
        }
    }

    fn count(&self, which: usize) {
        let (language, number) = (which % LANGUAGES.len(), which / 8 % COUNTERS);
        let counter = &self.counters[language][number];
        let target = target(language, number);
        let was_out = self.out.load(Ordering::SeqCst);
        match self.send("POST", &target) {
            Ok(Answer { status: 200, .. }) => {
                counter.acknowledged.fetch_add(1, Ordering::SeqCst);
                self.tally.answered();
            }
            other => {
                counter.unknown.fetch_add(1, Ordering::SeqCst);
                self.failed(was_out, &other);
            }
        }
    }

    fn provoke(&self, target: &str, fault: Fault, expected: u16) {
        let was_out = self.out.load(Ordering::SeqCst);
        match self.send("GET", target) {
            Ok(answer) if answer.status == expected => self.tally.fault(fault),
            other => self.failed(was_out, &other),
        }
    }

    /// Goes away before there is an answer.
    fn leave(&self) {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return };
        let asked = "GET /faults/wait?millis=500 HTTP/1.1\r\nhost: a\r\n\r\n";
        if stream.write_all(asked.as_bytes()).is_ok() {
            std::thread::sleep(Duration::from_millis(5));
            self.tally.fault(Fault::Disconnect);
        }
    }

    fn send(&self, method: &str, target: &str) -> Result<Answer> {
        Request { method, address: self.address, target, body: "" }.send()
    }

    fn failed(&self, was_out: bool, outcome: &Result<Answer>) {
        let cause = match outcome {
            Ok(answer) => {
                let text: String = answer.body.chars().take(160).collect();
                format!("answered {}: {}", answer.status, without_numbers(&text))
            }
            Err(error) => {
                format!("no answer: {}", without_numbers(&error.root_cause().to_string()))
            }
        };
        let out = was_out || self.out.load(Ordering::SeqCst);
        self.tally.failed(if out { When::Out } else { When::Up }, &cause);
    }

    /// How many acknowledged writes are not there, and how many are there twice.
    pub(super) fn compare(&self) -> Result<(u64, u64)> {
        let (mut lost, mut doubled) = (0, 0);
        for (language, counters) in self.counters.iter().enumerate() {
            for (number, counter) in counters.iter().enumerate() {
                let answer = self.send("GET", &target(language, number))?;
                let held: u64 = answer.body.trim().parse().with_context(|| {
                    format!("a counter answered {} `{}`", answer.status, answer.body)
                })?;
                let least = counter.acknowledged.load(Ordering::SeqCst);
                let most = least + counter.unknown.load(Ordering::SeqCst);
                lost += least.saturating_sub(held);
                doubled += held.saturating_sub(most);
            }
        }
        Ok((lost, doubled))
    }
}

/// Languages share a store: each has counters of its own.
fn target(language: usize, number: usize) -> String {
    format!("{}/counter/soak-{language}-{number}", LANGUAGES[language])
}

/// So that the same causes are counted together: ids and ports are left out.
fn without_numbers(text: &str) -> String {
    let words = text.split(['"', ' ']);
    words.filter(|word| !word.chars().any(|c| c.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}
