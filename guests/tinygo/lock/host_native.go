//go:build !wasm

package lock

import "time"

// A Host answers the calls of every store where there is no host: in tests on the machine's own
// target. Package ottavotest has one; a function has no use for it, and no target of WebAssembly has it.
type Host interface {
	TryLock(store string, claim Claim) (lease Lease, taken bool, err error)
	Renew(store, resource, owner string, ttl time.Duration) (Lease, error)
	Unlock(store, resource, owner string) (Release, error)
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

func tryLock(store string, claim Claim) (Lease, bool, error) { return host().TryLock(store, claim) }

func renew(store, resource, owner string, ttl time.Duration) (Lease, error) {
	return host().Renew(store, resource, owner, ttl)
}

func unlock(store, resource, owner string) (Release, error) {
	return host().Unlock(store, resource, owner)
}
