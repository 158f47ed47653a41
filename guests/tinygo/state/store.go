// Package state keeps values under keys, in named stores.
//
//	store := state.Open("default")
//	if _, err := store.Set("book1", []byte("100")); err != nil {
//		return err
//	}
//	book, found, err := store.Get("book1")
//	...
//	// only while nobody else wrote in between; else errors.Is(err, ottavo.ErrConflict)
//	_, err = store.Set("book1", []byte("99"), state.IfMatch(book.Etag))
//
//	_, err = store.Set("session", token, state.IfAbsent(), state.After(time.Minute))
//	sold, err := store.Increment("sold", 1)
//	_, err = store.Transact(
//		state.Check("lock", state.IfAbsent()),
//		state.Upsert("last", []byte("book1")),
//		state.Remove("session"),
//	)
//	for key, err := range store.Keys("book") {
//		...
//	}
//
// Keys are text, values bytes that are never changed. A missing key is no error.
package state

import "iter"

// A Store is one named store. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Value is what was read.
type Value struct {
	Data []byte
	// Etag changes with every write, and is only compared.
	Etag string
}

// String is the data as text.
func (v Value) String() string { return string(v.Data) }

// A Lookup is the outcome of one key of GetMany.
type Lookup struct {
	Value Value
	// Found is false when the key is missing or expired.
	Found bool
	Err   error
}

// A Written is the outcome of one entry of SetMany.
type Written struct {
	// Etag is the new one.
	Etag string
	Err  error
}

// Get reads a key; found is false when it is missing or expired.
func (s Store) Get(key string, options ...Option) (value Value, found bool, err error) {
	return get(s.name, key, options)
}

// GetMany reads several keys: in the order asked, each with its own outcome.
func (s Store) GetMany(keys []string, options ...Option) ([]Lookup, error) {
	return getMany(s.name, keys, options)
}

// Set writes a key and returns its new etag: whatever is there, unless a [Precondition] says
// otherwise, and with the expiry that the key had, unless an [Expiry] does.
func (s Store) Set(key string, data []byte, how ...EntryOption) (etag string, err error) {
	return set(s.name, NewEntry(key, data, how...))
}

// SetMany writes each entry on its own; it is not atomic as a whole.
func (s Store) SetMany(entries ...Entry) ([]Written, error) { return setMany(s.name, entries) }

// Delete removes a key. A missing one is fine, unless a precondition names an etag.
func (s Store) Delete(key string, when ...Precondition) error {
	return remove(s.name, NewRemoval(key, when...))
}

// DeleteMany removes each key on its own, and returns the error of each, nil where there is none.
func (s Store) DeleteMany(removals ...Removal) ([]error, error) {
	return removeMany(s.name, removals)
}

// Transact does every step, in order, or none. It returns the new etag of each Upsert, "" for other
// steps.
func (s Store) Transact(steps ...Step) (etags []string, err error) {
	return transact(s.name, steps)
}

// Increment adds delta atomically to a decimal integer and returns the sum. A missing key counts as
// 0, and gets the initial expiry.
func (s Store) Increment(key string, delta int64, initial ...Expiry) (int64, error) {
	return increment(s.name, key, delta, last(initial))
}

// A KeyPage is some of the keys that were asked for. It may be empty and still have a next one.
type KeyPage struct {
	// Keys in the driver's own order.
	Keys []string
	// Next is the cursor of the next page, "" after the last.
	Next string
}

// Page lists keys that begin with prefix, at most limit (1 to 1000). The cursor is "" for the first
// page, else Next of the page before.
func (s Store) Page(prefix, cursor string, limit int) (KeyPage, error) {
	return listKeys(s.name, prefix, cursor, uint32(max(0, min(limit, 1<<31-1))))
}

// Keys is every key that begins with prefix, fetched page by page as the loop goes on. It ends after
// an error.
func (s Store) Keys(prefix string) iter.Seq2[string, error] {
	const limit = 256
	return func(yield func(string, error) bool) {
		for cursor := ""; ; {
			page, err := s.Page(prefix, cursor, limit)
			if err != nil {
				yield("", err)
				return
			}
			for _, key := range page.Keys {
				if !yield(key, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}
