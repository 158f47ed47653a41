//! `soak`: hosts on three drivers with functions in three languages, under load for minutes, while things
//! go wrong. What was acknowledged must be there in the end, and what a host holds must not grow.

mod house;
mod load;
mod redis;
mod tally;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::house::House;
use self::load::Load;
use self::redis::Redis;
use self::tally::{Fault, Tally};
use crate::place::Place;
use crate::{guests, host, say, setup};

/// Those that call each host.
const CALLERS: u64 = 2;

/// How often each goes wrong.
const DEPLOY: Duration = Duration::from_secs(1);
const REDIS: Duration = Duration::from_secs(23);
const KILL: Duration = Duration::from_secs(17);

/// After which a host holds what it needs: what it grows by from then on is too much.
const WARM: Duration = Duration::from_secs(20);

/// How much more a host may hold in the end: memory that its allocator keeps, and connections.
const MORE_MEMORY: u64 = 48 << 20;
const MORE_FILES: usize = 24;

/// Runs it; says whether nothing was lost and nothing grew.
pub(crate) fn run(place: &Place, minutes: &str) -> Result<bool> {
    let minutes: u64 = minutes
        .parse()
        .ok()
        .filter(|minutes| *minutes > 0)
        .with_context(|| format!("`{minutes}` is not a number of minutes"))?;
    say::heading("build the host and its programs");
    let ready = setup::with_servers(place, setup::for_tests(place)?)?;
    host::build(place)?;
    guests::build_all(place, &ready)?;
    say::heading("start redis and three hosts, deploy counters in three languages");
    let mut redis = Redis::start(place, &ready)?;
    let url = redis.url();
    let mut houses = vec![
        House::start(place, "memory", "driver = \"memory\"")?,
        House::start(place, "local", "driver = \"local\"")?,
        House::start(place, "redis", &format!("driver = \"redis\"\nurl = \"{url}\""))?,
    ];
    for house in &mut houses {
        house.furnish(place)?;
    }
    say::heading(&format!("{minutes} minutes of load, deploys and faults"));
    let (tally, over) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
    let loads: Vec<_> = houses.iter().map(|house| Arc::new(Load::of(house, &tally))).collect();
    let callers: Vec<_> = loads
        .iter()
        .flat_map(|load| (0..CALLERS).map(|seed| (Arc::clone(load), seed)).collect::<Vec<_>>())
        .map(|(load, seed)| {
            let over = Arc::clone(&over);
            thread::spawn(move || load.call_until(&over, seed))
        })
        .collect();
    let went = disturb(place, &mut houses, &mut redis, &loads, &tally, minutes * 60);
    over.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.join().ok().context("a caller fell over")?;
    }
    let before = went?;
    say::heading("what came of it");
    let after: Vec<_> = houses.iter().map(House::holds).collect::<Result<_>>()?;
    let mut good = tally.print();
    for (load, house) in loads.iter().zip(&houses) {
        let (lost, doubled) = load.compare()?;
        say::result(format_args!("{:<8} lost writes {lost}, doubled writes {doubled}", house.name));
        good &= lost == 0 && doubled == 0;
    }
    for ((house, before), after) in houses.iter().zip(before).zip(after) {
        let (from, to) = (before.memory >> 20, after.memory >> 20);
        let note = if house.is_killed() { " (its last process)" } else { "" };
        say::result(format_args!(
            "{:<8} memory {from} -> {to} MiB, open files {} -> {}{note}",
            house.name, before.files, after.files
        ));
        good &= after.memory <= before.memory + MORE_MEMORY;
        good &= after.files <= before.files + MORE_FILES;
    }
    for house in houses {
        house.stop()?;
    }
    redis.stop()?;
    say::line(if good { "soak: nothing lost, nothing grew" } else { "soak: not as it should be" });
    Ok(good)
}

/// Lets things go wrong, one after the other, for so long; what the hosts held once they were warm.
fn disturb(
    place: &Place,
    houses: &mut [House],
    redis: &mut Redis,
    loads: &[Arc<Load>],
    tally: &Tally,
    seconds: u64,
) -> Result<Vec<house::Holds>> {
    let (start, length) = (Instant::now(), Duration::from_secs(seconds));
    let (mut deploy, mut kill, mut restart) = (start, start + KILL, start + REDIS);
    let (mut deploys, mut kills) = (0_usize, 0_usize);
    let mut warm: Option<Vec<house::Holds>> = None;
    let mut said = start;
    while start.elapsed() < length {
        let now = Instant::now();
        if warm.is_none() && start.elapsed() > WARM.min(length / 2) {
            warm = Some(houses.iter().map(House::holds).collect::<Result<_>>()?);
        }
        if now >= deploy {
            deploy = now + DEPLOY;
            deploys += 1;
            let house = &houses[deploys % houses.len()];
            tally.deployed(house.deploy_anew(place, deploys)?);
        }
        if now >= kill {
            kill = now + KILL;
            kills += 1;
            // what is in memory alone is not to be killed
            let at = 1 + kills % (houses.len() - 1);
            loads[at].out(|| houses[at].kill_and_start(place))?;
            tally.fault(Fault::Kill);
            if let Some(warm) = &mut warm {
                warm[at] = houses[at].settle()?;
            }
        }
        if now >= restart {
            restart = now + REDIS;
            let at = houses.len() - 1;
            loads[at].out(|| {
                redis.restart(place)?;
                houses[at].wait_until_it_counts()
            })?;
            tally.fault(Fault::Redis);
        }
        if now.duration_since(said) > Duration::from_secs(30) {
            said = now;
            say::line(format_args!("  {:>4} s: {}", start.elapsed().as_secs(), tally.line()));
        }
        for house in houses.iter_mut() {
            if house.has_ended()? {
                bail!("the host on `{}` ended by itself", house.name);
            }
        }
        thread::sleep(Duration::from_millis(50));
    }
    warm.context("it was over before the hosts were warm")
}
