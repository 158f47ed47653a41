// Package lock excludes others, in named stores.
//
//	locks := lock.Open("default")
//	held, taken, err := locks.TryLock("report", 30*time.Second, lock.Wait(2*time.Second))
//	if err != nil || !taken {
//		return err
//	}
//	defer held.Unlock()
//	// what the lock protects refuses a smaller token than it has seen
//	write(held.FencingToken)
//
// A lock is held by one owner at a time, until it is unlocked or expires. An owner that is late may
// have lost it without a sign: that is what the fencing token is for.
package lock

import "time"

// A Store is one named store of locks. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Lease is a lock that is held.
type Lease struct {
	// Owner is who renews and unlocks it.
	Owner string
	// FencingToken only grows for a resource. Hand it to what the lock protects, which must refuse a
	// smaller one.
	FencingToken uint64
	// Remaining is the time until it expires unless renewed.
	Remaining time.Duration
}

// A Release is what came of unlocking.
type Release uint8

const (
	// Released: it was held and is free.
	Released Release = iota
	// NotHeld: nobody held it, it had expired, or was never taken.
	NotHeld
	// HeldByOther: another owner holds it, and nothing was done.
	HeldByOther
)

// A Claim says how to lock.
type Claim struct {
	Resource string
	// Owner is who locks, if HasOwner; else the host makes one up, unique for ever.
	Owner    string
	HasOwner bool
	TTL      time.Duration
	Wait     time.Duration
}

// An Option changes a claim: [Owner] or [Wait].
type Option func(*Claim)

// Owner: by this owner. Who else has the same name, is the same.
func Owner(name string) Option {
	return func(claim *Claim) { claim.Owner, claim.HasOwner = name, true }
}

// Wait: as long as this, and never beyond the call's deadline.
func Wait(wait time.Duration) Option {
	return func(claim *Claim) { claim.Wait = wait }
}

// TryLock takes a lock for this long; taken is false when any owner, this one included, still holds
// it.
func (s Store) TryLock(resource string, ttl time.Duration, how ...Option) (held *Held, taken bool, err error) {
	claim := Claim{Resource: resource, TTL: ttl}
	for _, option := range how {
		option(&claim)
	}
	lease, taken, err := tryLock(s.name, claim)
	if err != nil || !taken {
		return nil, false, err
	}
	return &Held{lease, s, resource}, true, nil
}

// Renew sets a new expiry, this long from now. The error is ottavo.ErrConflict when the owner does not
// hold the lock, or no longer.
func (s Store) Renew(resource, owner string, ttl time.Duration) (Lease, error) {
	return renew(s.name, resource, owner, ttl)
}

// Unlock gives a lock back, if this owner holds it.
func (s Store) Unlock(resource, owner string) (Release, error) {
	return unlock(s.name, resource, owner)
}

// A Held is a lock of ours.
type Held struct {
	Lease
	store    Store
	resource string
}

// Renew sets a new expiry, this long from now. The error is ottavo.ErrConflict when the lock expired
// and is lost.
func (h *Held) Renew(ttl time.Duration) error {
	lease, err := h.store.Renew(h.resource, h.Owner, ttl)
	if err == nil {
		h.Lease = lease
	}
	return err
}

// Unlock gives it back, and says whether it was still held.
func (h *Held) Unlock() (Release, error) { return h.store.Unlock(h.resource, h.Owner) }

// Millis is a time in whole milliseconds, rounded up: a short one is not nothing.
func Millis(span time.Duration) uint64 {
	if span <= 0 {
		return 0
	}
	return (uint64(span) + uint64(time.Millisecond) - 1) / uint64(time.Millisecond)
}
