//go:build !wasm

package file

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. Package ottavotest has one; a function has no use for it, and no target of WebAssembly has it.
type Host interface {
	// Open gives nil when the file is missing; a nil length is to the end.
	Open(store, name string, offset uint64, length *uint64) (Source, error)
	Create(store string, file NewFile) (Sink, error)
	Stat(store, name string) (Info, bool, error)
	Delete(store, name string) error
	List(store, prefix, cursor string, limit uint32) (Page, error)
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

func openFile(store, name string, offset uint64, length *uint64) (Source, error) {
	return host().Open(store, name, offset, length)
}

func create(store string, file NewFile) (Sink, error) { return host().Create(store, file) }

func stat(store, name string) (Info, bool, error) { return host().Stat(store, name) }

func remove(store, name string) error { return host().Delete(store, name) }

func list(store, prefix, cursor string, limit uint32) (Page, error) {
	return host().List(store, prefix, cursor, limit)
}
