//! The tables of the file, all open for writing.
//!
//! An event stands once, however many groups wait for it. What a group waits for is an item, which
//! says when it can be taken: new, delayed, leased and to be retried are one thing. Of the events of one
//! ordering key, only the first stands in the line.

use redb::{Database, ReadableTable as _, Table, TableDefinition, WriteTransaction};

/// Topic -> its number.
const TOPICS: TableDefinition<'_, &str, u64> = TableDefinition::new("topics");
/// Topic -> how many events it keeps.
const COUNTS: TableDefinition<'_, u64, u64> = TableDefinition::new("counts");
/// Topic and name of a group -> the group's number.
const GROUPS: TableDefinition<'_, (u64, &str), u64> = TableDefinition::new("groups");
/// Group -> its topic.
const TOPIC_OF: TableDefinition<'_, u64, u64> = TableDefinition::new("topic-of");
/// Event -> what is said of it beside what it says.
const KEPT: TableDefinition<'_, u64, KeptRow<'_>> = TableDefinition::new("kept");
/// Event -> its record.
const EVENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("events");
/// Topic and event -> nothing.
const OF_TOPIC: TableDefinition<'_, (u64, u64), ()> = TableDefinition::new("of-topic");
/// Expiry and event -> nothing.
const EXPIRY: TableDefinition<'_, (u64, u64), ()> = TableDefinition::new("expiry");
/// Group and event -> when it is due, its attempt, and whether its delivery can be settled.
const ITEMS: TableDefinition<'_, (u64, u64), (u64, u32, bool)> = TableDefinition::new("items");
/// Group, due and event -> nothing: what can be taken, in this order.
const LINE: TableDefinition<'_, (u64, u64, u64), ()> = TableDefinition::new("line");
/// Group, ordering key and event -> nothing.
const KEYS: TableDefinition<'_, (u64, &str, u64), ()> = TableDefinition::new("keys");
/// Counters of the store itself.
const COUNTERS: TableDefinition<'_, &str, u64> = TableDefinition::new("counters");

/// Topic, due, expiry, bytes, groups that wait for it, ordering key.
pub(super) type KeptRow<'a> = (u64, u64, u64, u64, u64, Option<&'a str>);

/// All tables.
pub(super) struct Tables<'t> {
    pub(super) topics: Table<'t, &'static str, u64>,
    pub(super) counts: Table<'t, u64, u64>,
    pub(super) groups: Table<'t, (u64, &'static str), u64>,
    pub(super) topic_of: Table<'t, u64, u64>,
    pub(super) kept: Table<'t, u64, KeptRow<'static>>,
    pub(super) events: Table<'t, u64, &'static [u8]>,
    pub(super) of_topic: Table<'t, (u64, u64), ()>,
    pub(super) expiry: Table<'t, (u64, u64), ()>,
    pub(super) items: Table<'t, (u64, u64), (u64, u32, bool)>,
    pub(super) line: Table<'t, (u64, u64, u64), ()>,
    pub(super) keys: Table<'t, (u64, &'static str, u64), ()>,
    counters: Table<'t, &'static str, u64>,
}

/// What the store counts.
#[derive(Clone, Copy)]
pub(super) enum Counter {
    /// The number given last, to a topic, a group or an event: none is given twice.
    Number,
    /// The bytes of all events.
    Bytes,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Number => "number",
            Counter::Bytes => "bytes",
        }
    }
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Tables<'t>, redb::TableError> {
        Ok(Tables {
            topics: transaction.open_table(TOPICS)?,
            counts: transaction.open_table(COUNTS)?,
            groups: transaction.open_table(GROUPS)?,
            topic_of: transaction.open_table(TOPIC_OF)?,
            kept: transaction.open_table(KEPT)?,
            events: transaction.open_table(EVENTS)?,
            of_topic: transaction.open_table(OF_TOPIC)?,
            expiry: transaction.open_table(EXPIRY)?,
            items: transaction.open_table(ITEMS)?,
            line: transaction.open_table(LINE)?,
            keys: transaction.open_table(KEYS)?,
            counters: transaction.open_table(COUNTERS)?,
        })
    }

    pub(super) fn counter(&self, counter: Counter) -> Result<u64, redb::StorageError> {
        Ok(self.counters.get(counter.name())?.map_or(0, |count| count.value()))
    }

    pub(super) fn set(&mut self, counter: Counter, to: u64) -> Result<(), redb::StorageError> {
        self.counters.insert(counter.name(), to)?;
        Ok(())
    }

    pub(super) fn next_number(&mut self) -> Result<u64, redb::StorageError> {
        let next = self.counter(Counter::Number)? + 1;
        self.set(Counter::Number, next)?;
        Ok(next)
    }
}

/// Creates what a new file lacks. What was leased before comes again at once: whoever held it in this
/// process is gone, and a receipt of it is good until somebody else has it.
pub(super) fn create(database: &Database, now: u64) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut tables = Tables::open(&transaction)?;
        let mut leased = Vec::new();
        for entry in tables.items.iter()? {
            let (at, item) = entry?;
            let ((group, number), (due, attempt, held)) = (at.value(), item.value());
            if held && due > now {
                leased.push((group, number, due, attempt));
            }
        }
        for (group, number, due, attempt) in leased {
            tables.items.insert((group, number), (now, attempt, true))?;
            if tables.line.remove((group, due, number))?.is_some() {
                tables.line.insert((group, now, number), ())?;
            }
        }
    }
    Ok(transaction.commit()?)
}

/// Whether an event has expired that is still in the file.
pub(super) fn anything_due(database: &Database, now: u64) -> Result<bool, redb::Error> {
    use redb::ReadableDatabase as _;
    let expiry = database.begin_read()?.open_table(EXPIRY)?;
    let first = expiry.first()?;
    Ok(first.is_some_and(|(key, _)| key.value().0 <= now))
}
