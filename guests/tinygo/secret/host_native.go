//go:build !wasm

package secret

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. A function has no use for it, and no target of WebAssembly has it.
type Host interface {
	// Get has version "" for the newest.
	Get(store, name, version string) (Secret, bool, error)
	GetBulk(store string) ([]Named, error)
}

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func host() Host {
	if current == nil {
		panic("ottavo: a store of secrets was called where there is no host: a test begins with secret.SetHost")
	}
	return current
}

func get(store, name, version string) (Secret, bool, error) { return host().Get(store, name, version) }

func getBulk(store string) ([]Named, error) { return host().GetBulk(store) }
