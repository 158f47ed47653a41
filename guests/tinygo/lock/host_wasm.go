package lock

import (
	"time"

	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_lock"
	"ottavo.dev/ottavo/internal/lift"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func tryLock(store string, claim Claim) (Lease, bool, error) {
	owner := witTypes.None[string]()
	if claim.HasOwner {
		owner = witTypes.Some(claim.Owner)
	}
	outcome := wit.TryLock(store, claim.Resource, owner, Millis(claim.TTL), Millis(claim.Wait))
	found, err := lift.Outcome(outcome)
	lease, taken := found.Get()
	return lifted(lease), taken, err
}

func renew(store, resource, owner string, ttl time.Duration) (Lease, error) {
	lease, err := lift.Outcome(wit.Renew(store, resource, owner, Millis(ttl)))
	return lifted(lease), err
}

func unlock(store, resource, owner string) (Release, error) {
	release, err := lift.Outcome(wit.Unlock(store, resource, owner))
	return Release(release), err
}

func lifted(lease wit.Lease) Lease {
	const longest = uint64(1<<63-1) / uint64(time.Millisecond)
	remaining := time.Duration(min(lease.Remaining, longest)) * time.Millisecond
	return Lease{lease.Owner, lease.FencingToken, remaining}
}
