//! A disk that forgets, at a crash, what was not synced, and that a test can hold in a sync.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use redb::StorageBackend;
use tokio::sync::watch;

/// Torn writes end at a multiple of this.
const SECTOR: usize = 512;

/// A test that fails must not wait for ever for what does not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks at the disk whenever it is written or synced, before that happens.
pub(crate) type Watcher = Box<dyn FnMut(&Platters) + Send>;

/// The disk; clones are the same disk.
#[derive(Clone)]
pub(crate) struct Disk {
    platters: Arc<Mutex<Platters>>,
    watcher: Arc<Mutex<Option<Watcher>>>,
    gate: Arc<(Mutex<Gate>, Condvar)>,
    begun: watch::Sender<usize>,
}

/// What is on it.
#[derive(Clone, Default)]
pub(crate) struct Platters {
    /// What the running system reads.
    current: Vec<u8>,
    /// What a crash leaves for certain.
    synced: Vec<u8>,
    /// Written since the last sync.
    pending: Vec<(usize, Vec<u8>)>,
    syncs: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Gate {
    Open,
    Held,
    Broken,
}

impl Disk {
    pub(crate) fn new(image: Vec<u8>) -> Disk {
        let platters = Platters { current: image.clone(), synced: image, ..Platters::default() };
        Disk {
            platters: Arc::new(Mutex::new(platters)),
            watcher: Arc::default(),
            gate: Arc::new((Mutex::new(Gate::Open), Condvar::new())),
            begun: watch::channel(0).0,
        }
    }

    /// How many syncs have ended.
    pub(crate) fn syncs(&self) -> usize {
        self.platters.lock().syncs
    }

    /// What a crash now leaves for certain.
    pub(crate) fn synced(&self) -> Vec<u8> {
        self.platters.lock().synced.clone()
    }

    pub(crate) fn watch(&self, watcher: Watcher) {
        *self.watcher.lock() = Some(watcher);
    }

    /// Syncs wait from now on.
    pub(crate) fn hold(&self) {
        self.begun.send_replace(0);
        self.set(Gate::Held);
    }

    /// Syncs end again.
    pub(crate) fn release(&self) {
        self.set(Gate::Open);
    }

    /// Syncs fail from now on.
    pub(crate) fn break_syncs(&self) {
        self.set(Gate::Broken);
    }

    /// Returns once a sync waits.
    pub(crate) async fn held(&self) {
        let mut begun = self.begun.subscribe();
        let held = tokio::time::timeout(PATIENCE, begun.wait_for(|begun| *begun > 0)).await;
        drop(held.expect("nothing was synced").expect("the disk lives"));
    }

    fn set(&self, gate: Gate) {
        *self.gate.0.lock() = gate;
        self.gate.1.notify_all();
    }

    fn look(&self) {
        if let Some(watcher) = &mut *self.watcher.lock() {
            watcher(&self.platters.lock());
        }
    }
}

impl Platters {
    /// What a crash may leave: of the writes since the last sync, some arrived, some did not, some
    /// only in part.
    pub(crate) fn crash(&self) -> Vec<u8> {
        let mut image = self.synced.clone();
        image.resize(self.current.len(), 0);
        for (offset, data) in &self.pending {
            for (sector, data) in data.chunks(SECTOR).enumerate() {
                let start = offset + sector * SECTOR;
                let torn = data.len() > SECTOR || fastrand::bool();
                if torn && fastrand::bool() && start + data.len() <= image.len() {
                    image[start..start + data.len()].copy_from_slice(data);
                }
            }
        }
        image
    }
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disk({} syncs)", self.syncs())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platters.lock().current.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = offset as usize;
        let platters = self.platters.lock();
        let data = platters.current.get(start..start + out.len());
        out.copy_from_slice(data.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.platters.lock().current.resize(len as usize, 0);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.look();
        let start = offset as usize;
        let mut platters = self.platters.lock();
        let place = platters.current.get_mut(start..start + data.len());
        place.ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        platters.pending.push((start, data.to_vec()));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.look();
        let mut gate = self.gate.0.lock();
        self.begun.send_modify(|begun| *begun += usize::from(*gate == Gate::Held));
        self.gate.1.wait_while_for(&mut gate, |gate| *gate == Gate::Held, PATIENCE);
        if *gate != Gate::Open {
            return Err(io::Error::other("the disk is broken"));
        }
        let mut platters = self.platters.lock();
        let Platters { current, synced, pending, syncs } = &mut *platters;
        synced.resize(current.len(), 0);
        for (start, data) in pending.drain(..) {
            let end = (start + data.len()).min(synced.len());
            synced[start.min(end)..end].copy_from_slice(&data[..end - start.min(end)]);
        }
        *syncs += 1;
        Ok(())
    }
}
