package main

import (
	"time"

	"ottavo.dev/ottavo/lock"
)

// callLock reads the parameters of an operation on locks, makes the call, and encodes its outcome.
func callLock(operation string, d *decoder, e *encoder) {
	call, known := lockCalls[operation]
	if !known {
		d.unknown("lock." + operation)
		return
	}
	call(d, e, lock.Open(d.string()))
}

var lockCalls = map[string]func(*decoder, *encoder, lock.Store){
	"try-lock": func(d *decoder, e *encoder, store lock.Store) {
		resource := d.string()
		var how []lock.Option
		if d.index("option", 2) == 1 {
			how = append(how, lock.Owner(d.string()))
		}
		ttl := millis(d)
		how = append(how, lock.Wait(millis(d)))
		if d.end() {
			held, taken, err := store.TryLock(resource, ttl, how...)
			e.result(err, func() {
				e.bool(taken)
				if taken {
					e.lease(held.Lease)
				}
			})
		}
	},
	"renew": func(d *decoder, e *encoder, store lock.Store) {
		resource, owner, ttl := d.string(), d.string(), millis(d)
		if d.end() {
			lease, err := store.Renew(resource, owner, ttl)
			e.result(err, func() { e.lease(lease) })
		}
	},
	"unlock": func(d *decoder, e *encoder, store lock.Store) {
		resource, owner := d.string(), d.string()
		if d.end() {
			release, err := store.Unlock(resource, owner)
			e.result(err, func() { e.u8(uint8(release)) })
		}
	},
}

func (e *encoder) lease(lease lock.Lease) {
	e.string(lease.Owner)
	e.u64(lease.FencingToken)
	e.u64(lock.Millis(lease.Remaining))
}

func millis(d *decoder) time.Duration {
	const longest = uint64(1<<63-1) / uint64(time.Millisecond)
	return time.Duration(min(d.u64(), longest)) * time.Millisecond
}
