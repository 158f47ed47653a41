//go:build !wasm

package config

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. A function has no use for it, and no target of WebAssembly has it.
type Host interface {
	Get(store string, scope Scope, keys []string) ([]Item, error)
	Save(store, appID string, items []Item) error
	Delete(store string, scope Scope, keys []string) error
}

// SetHost makes host answer, and returns the one that did before.
func SetHost(host Host) (before Host) {
	before, current = current, host
	return before
}

var current Host

func host() Host {
	if current == nil {
		panic("ottavo: a store of configuration was called where there is no host: a test begins with config.SetHost")
	}
	return current
}

func get(store string, scope Scope, keys []string) ([]Item, error) {
	return host().Get(store, scope, keys)
}

func save(store, appID string, items []Item) error { return host().Save(store, appID, items) }

func remove(store string, scope Scope, keys []string) error { return host().Delete(store, scope, keys) }
