package state

import "time"

// An Entry is a key with what to write there.
type Entry struct {
	Key          string
	Data         []byte
	Precondition Precondition
	Expiry       Expiry
	Options      []Option
}

// NewEntry is the entry that Set writes.
func NewEntry(key string, data []byte, how ...EntryOption) Entry {
	entry := Entry{Key: key, Data: data}
	for _, option := range how {
		option.apply(&entry)
	}
	return entry
}

// A Removal is a key to remove, or, in a transaction, to look at.
type Removal struct {
	Key          string
	Precondition Precondition
}

// NewRemoval is the removal that Delete makes.
func NewRemoval(key string, when ...Precondition) Removal {
	return Removal{Key: key, Precondition: last(when)}
}

// An EntryOption says how to write: a [Precondition], an [Expiry] or an [Option].
type EntryOption interface{ apply(*Entry) }

// A Precondition says when a write or a removal happens. The zero Precondition is always.
type Precondition struct {
	absent bool
	match  bool
	etag   string
}

// IfAbsent: only when the key is missing; else the error is ottavo.ErrConflict.
func IfAbsent() Precondition { return Precondition{absent: true} }

// IfMatch: only while the etag is this one; else the error is ottavo.ErrConflict.
func IfMatch(etag string) Precondition { return Precondition{match: true, etag: etag} }

// Holds says whether the precondition does: exists is whether the key is there, etag its current one.
func (p Precondition) Holds(exists bool, etag string) bool {
	switch {
	case p.absent:
		return !exists
	case p.match:
		return exists && p.etag == etag
	}
	return true
}

func (p Precondition) apply(entry *Entry) { entry.Precondition = p }

// An Expiry says when a key goes by itself. The zero Expiry leaves it as it was; a new key stays.
type Expiry struct {
	never bool
	after bool
	time  time.Duration
}

// Never: the key stays, even if it had an expiry.
func Never() Expiry { return Expiry{never: true} }

// After: the key goes after this time, in whole milliseconds.
func After(time time.Duration) Expiry { return Expiry{after: true, time: time} }

// At is when a key goes that is written now; the zero time is never. It went at before until now.
func (e Expiry) At(now, before time.Time) time.Time {
	switch {
	case e.never:
		return time.Time{}
	case e.after:
		return now.Add(e.time)
	}
	return before
}

func (e Expiry) apply(entry *Entry) { entry.Expiry = e }

// An Option steers a driver. Every driver knows {"consistency", "strong"} and "eventual".
type Option struct{ Name, Value string }

func (o Option) apply(entry *Entry) { entry.Options = append(entry.Options, o) }

// last is the zero value when there is none.
func last[T any](values []T) T {
	var value T
	if len(values) > 0 {
		value = values[len(values)-1]
	}
	return value
}
