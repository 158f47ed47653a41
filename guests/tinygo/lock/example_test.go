package lock_test

import (
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/lock"
	"ottavo.dev/ottavo/log"
)

func Example() {
	ottavo.HandleEvent(func(e *ottavo.Event) error {
		locks := lock.Open("default")
		held, taken, err := locks.TryLock("report", 30*time.Second, lock.Wait(2*time.Second))
		if err != nil {
			return err
		}
		if !taken { // somebody else holds it: no error
			return ottavo.RetryAfter(5 * time.Second)
		}
		defer held.Unlock()
		// what the lock protects refuses a smaller token than it has seen
		log.Info("writing the report", "fencing", held.FencingToken)
		return held.Renew(time.Minute) // ottavo.ErrConflict when it had expired
	})
}
