//! Somebody who answers HTTP, and what that took in one round after the other.

use anyhow::Result;

use crate::load::{Load, Seen};
use crate::plan::Plan;
use crate::server::Server;

/// One of those that are measured in alternation.
pub(crate) struct Contender {
    pub(crate) name: String,
    pub(crate) load: Load,
    pub(crate) server: Server,
    pub(crate) rounds: Vec<Round>,
}

/// What one round showed.
pub(crate) struct Round {
    pub(crate) seen: Seen,
    /// Microseconds of the server's processor time for each request.
    pub(crate) cpu: f64,
}

impl Contender {
    pub(crate) fn new(name: &str, load: Load, server: Server) -> Contender {
        Contender { name: name.to_owned(), load, server, rounds: Vec::new() }
    }

    fn measure(&self, plan: &Plan) -> Result<Round> {
        let before = self.server.cpu()?;
        let seen = self.load.run(plan.round)?;
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
pub(crate) fn measure(contenders: &mut [Contender], plan: &Plan) -> Result<()> {
    for contender in &*contenders {
        contender.load.run(plan.warm_up)?;
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
