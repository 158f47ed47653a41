package lock_test

import (
	"errors"
	"testing"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/lock"
	"ottavo.dev/ottavo/ottavotest"
)

func TestALockIsHeldByOneAndGivenBack(t *testing.T) {
	ottavotest.Stores(t)
	locks := lock.Open("default")
	held, taken, err := locks.TryLock("a", time.Minute, lock.Owner("me"))
	if err != nil || !taken || held.Owner != "me" || held.Remaining != time.Minute {
		t.Fatalf("%+v, %v, %v", held, taken, err)
	}
	if other, taken, err := locks.TryLock("a", time.Minute); err != nil || taken || other != nil {
		t.Fatalf("taken twice: %+v, %v", other, err)
	}
	if err := held.Renew(time.Hour); err != nil || held.Remaining != time.Hour {
		t.Fatalf("%+v, %v", held, err)
	}
	if release, err := locks.Unlock("a", "you"); err != nil || release != lock.HeldByOther {
		t.Fatalf("%v, %v", release, err)
	}
	token := held.FencingToken
	for _, expected := range []lock.Release{lock.Released, lock.NotHeld} {
		if release, err := held.Unlock(); err != nil || release != expected {
			t.Fatalf("%v, %v", release, err)
		}
	}
	if err := held.Renew(time.Hour); !errors.Is(err, ottavo.ErrConflict) {
		t.Fatalf("renewed what is not held: %v", err)
	}
	held, taken, err = locks.TryLock("a", time.Minute)
	if err != nil || !taken || held.Owner == "" || held.FencingToken <= token {
		t.Fatalf("%+v, %v, %v", held, taken, err)
	}
}

func TestAShortTimeIsNotNothing(t *testing.T) {
	for span, millis := range map[time.Duration]uint64{-1: 0, 0: 0, 1: 1, time.Millisecond: 1, time.Second + 1: 1001} {
		if got := lock.Millis(span); got != millis {
			t.Errorf("%v is %d ms", span, got)
		}
	}
}
