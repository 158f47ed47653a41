//! Somebody who answers, and what that took in one round after the other.

use std::time::Duration;

use anyhow::Result;

use crate::load::{Load, Seen};
use crate::plan::Plan;
use crate::server::Server;

/// Asks for so long, checks every answer, and says how long each took. Blocks.
pub(crate) trait Asks {
    fn ask(&self, time: Duration) -> Result<Seen>;
}

impl Asks for Load {
    fn ask(&self, time: Duration) -> Result<Seen> {
        self.run(time)
    }
}

/// One of those that are measured in alternation.
pub(crate) struct Contender<L = Load> {
    pub(crate) name: String,
    pub(crate) load: L,
    pub(crate) server: Server,
    pub(crate) rounds: Vec<Round>,
}

/// What one round showed.
pub(crate) struct Round {
    pub(crate) seen: Seen,
    /// Microseconds of the server's processor time for each request.
    pub(crate) cpu: f64,
}

impl<L: Asks> Contender<L> {
    pub(crate) fn new(name: &str, load: L, server: Server) -> Contender<L> {
        Contender { name: name.to_owned(), load, server, rounds: Vec::new() }
    }

    fn measure(&self, plan: &Plan) -> Result<Round> {
        let before = self.server.cpu()?;
        let seen = self.load.ask(plan.round)?;
        let cpu = (self.server.cpu()? - before).as_secs_f64() * 1e6 / seen.took.len() as f64;
        Ok(Round { seen, cpu })
    }

    /// Answers a second, round by round.
    pub(crate) fn rates(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.seen.rate()).collect()
    }

    /// Microseconds of processor time for a request, round by round.
    pub(crate) fn cpu(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.cpu).collect()
    }

    /// Microseconds within which this part of all requests was answered, round by round.
    pub(crate) fn within(&self, part: f64) -> Vec<f64> {
        self.rounds.iter().map(|round| round.seen.within(part)).collect()
    }
}

/// Measures all of them, one after the other, as often as the plan says.
pub(crate) fn measure<L: Asks>(contenders: &mut [Contender<L>], plan: &Plan) -> Result<()> {
    for contender in &*contenders {
        contender.load.ask(plan.warm_up)?;
    }
    for round in 0..plan.rounds {
        for contender in &mut *contenders {
            let measured = contender.measure(plan)?;
            eprintln!(
                "  {round} {}: {:.0}/s, {:.1} us of CPU, p50 {:.0} us, p99 {:.0} us",
                contender.name,
                measured.seen.rate(),
                measured.cpu,
                measured.seen.within(0.5),
                measured.seen.within(0.99),
            );
            contender.rounds.push(measured);
        }
    }
    Ok(())
}
