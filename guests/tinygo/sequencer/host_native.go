//go:build !wasm

package sequencer

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. Package ottavotest has one; a function has no use for it, and no target of WebAssembly has it.
type Host interface {
	Next(store, key string, order Order) (uint64, error)
	NextRange(store, key string, order Order, size uint32) (Range, error)
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

func next(store, key string, order Order) (uint64, error) { return host().Next(store, key, order) }

func nextRange(store, key string, order Order, size uint32) (Range, error) {
	return host().NextRange(store, key, order, size)
}
