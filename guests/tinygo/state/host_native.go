//go:build !wasm

package state

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. Package ottavotest has one; a function has no use for it, and no target of WebAssembly has it.
type Host interface {
	Get(store, key string, options []Option) (Value, bool, error)
	GetMany(store string, keys []string, options []Option) ([]Lookup, error)
	Set(store string, entry Entry) (string, error)
	SetMany(store string, entries []Entry) ([]Written, error)
	Delete(store string, removal Removal) error
	DeleteMany(store string, removals []Removal) ([]error, error)
	Transact(store string, steps []Step) ([]string, error)
	Increment(store, key string, delta int64, initial Expiry) (int64, error)
	ListKeys(store, prefix, cursor string, limit uint32) (KeyPage, error)
}

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func host() Host {
	if current == nil {
		panic("ottavo: a store was called where there is no host: a test begins with ottavotest.Stores(t)")
	}
	return current
}

func get(store, key string, options []Option) (Value, bool, error) {
	return host().Get(store, key, options)
}

func getMany(store string, keys []string, options []Option) ([]Lookup, error) {
	return host().GetMany(store, keys, options)
}

func set(store string, entry Entry) (string, error) { return host().Set(store, entry) }

func setMany(store string, entries []Entry) ([]Written, error) {
	return host().SetMany(store, entries)
}

func remove(store string, removal Removal) error { return host().Delete(store, removal) }

func removeMany(store string, removals []Removal) ([]error, error) {
	return host().DeleteMany(store, removals)
}

func transact(store string, steps []Step) ([]string, error) { return host().Transact(store, steps) }

func increment(store, key string, delta int64, initial Expiry) (int64, error) {
	return host().Increment(store, key, delta, initial)
}

func listKeys(store, prefix, cursor string, limit uint32) (KeyPage, error) {
	return host().ListKeys(store, prefix, cursor, limit)
}
