//go:build !wasm

package ottavotest

import (
	"strconv"
	"sync"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/lock"
)

// locks are those of a test. Nobody else is there to unlock, so nobody waits.
type locks struct {
	mutex  sync.Mutex
	held   map[address]held
	tokens uint64
}

type held struct {
	owner   string
	token   uint64
	expires time.Time
}

// TryLock is part of lock.Host.
func (l *locks) TryLock(store string, claim lock.Claim) (lock.Lease, bool, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	at := address{store, claim.Resource}
	if _, is := l.live(at); is {
		return lock.Lease{}, false, nil
	}
	l.tokens++
	owner := claim.Owner
	if !claim.HasOwner {
		owner = "owner-" + strconv.FormatUint(l.tokens, 10)
	}
	l.held[at] = held{owner, l.tokens, time.Now().Add(claim.TTL)}
	return lock.Lease{Owner: owner, FencingToken: l.tokens, Remaining: claim.TTL}, true, nil
}

// Renew is part of lock.Host.
func (l *locks) Renew(store, resource, owner string, ttl time.Duration) (lock.Lease, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	at := address{store, resource}
	found, is := l.live(at)
	if !is || found.owner != owner {
		return lock.Lease{}, ottavo.Errorf(ottavo.ErrConflict,
			"`%s` does not hold `%s`, or no longer: lock it again", owner, resource)
	}
	found.expires = time.Now().Add(ttl)
	l.held[at] = found
	return lock.Lease{Owner: owner, FencingToken: found.token, Remaining: ttl}, nil
}

// Unlock is part of lock.Host.
func (l *locks) Unlock(store, resource, owner string) (lock.Release, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	at := address{store, resource}
	found, is := l.live(at)
	switch {
	case !is:
		return lock.NotHeld, nil
	case found.owner != owner:
		return lock.HeldByOther, nil
	}
	delete(l.held, at)
	return lock.Released, nil
}

func (l *locks) live(at address) (held, bool) {
	found, is := l.held[at]
	return found, is && time.Now().Before(found.expires)
}
