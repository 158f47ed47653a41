//go:build !wasm

// Package ottavotest stands in for the host in tests on the machine's own target.
//
//	func TestInventory(t *testing.T) {
//		ottavotest.Stores(t)
//		w := ottavo.NewRecorder()
//		err := inventory(w, ottavo.NewRequest("PUT", "/inventory?name=book1", "100"))
//		...
//	}
//
// Its stores are as strict about preconditions as the real ones, and keep what they hold in memory.
// How a driver behaves is for a real host to show.
package ottavotest

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
	"ottavo.dev/ottavo/lock"
	"ottavo.dev/ottavo/sequencer"
	"ottavo.dev/ottavo/state"
)

// Stores gives a test empty stores: every name that is opened is one. They are gone when it ends.
func Stores(t testing.TB) {
	t.Helper()
	before := state.SetHost(&stores{items: map[address]item{}})
	t.Cleanup(func() { state.SetHost(before) })
	beforeLock := lock.SetHost(&locks{held: map[address]held{}})
	t.Cleanup(func() { lock.SetHost(beforeLock) })
	beforeIDs := sequencer.SetHost(&ids{last: map[address]uint64{}})
	t.Cleanup(func() { sequencer.SetHost(beforeIDs) })
	beforeFiles := file.SetHost(&files{items: map[address]stored{}})
	t.Cleanup(func() { file.SetHost(beforeFiles) })
}

type stores struct {
	mutex  sync.Mutex
	items  map[address]item
	writes uint64
}

type address struct{ store, key string }

type item struct {
	data    []byte
	etag    string
	expires time.Time // the zero time is never
}

// Get is part of state.Host.
func (s *stores) Get(store, key string, _ []state.Option) (state.Value, bool, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	found, exists := s.item(address{store, key})
	return state.Value{Data: slices.Clone(found.data), Etag: found.etag}, exists, nil
}

// GetMany is part of state.Host.
func (s *stores) GetMany(store string, keys []string, _ []state.Option) ([]state.Lookup, error) {
	lookups := make([]state.Lookup, len(keys))
	for i, key := range keys {
		value, found, err := s.Get(store, key, nil)
		lookups[i] = state.Lookup{Value: value, Found: found, Err: err}
	}
	return lookups, nil
}

// Set is part of state.Host.
func (s *stores) Set(store string, entry state.Entry) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.set(store, entry)
}

// SetMany is part of state.Host.
func (s *stores) SetMany(store string, entries []state.Entry) ([]state.Written, error) {
	written := make([]state.Written, len(entries))
	for i, entry := range entries {
		etag, err := s.Set(store, entry)
		written[i] = state.Written{Etag: etag, Err: err}
	}
	return written, nil
}

// Delete is part of state.Host.
func (s *stores) Delete(store string, removal state.Removal) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.remove(store, removal)
}

// DeleteMany is part of state.Host.
func (s *stores) DeleteMany(store string, removals []state.Removal) ([]error, error) {
	errs := make([]error, len(removals))
	for i, removal := range removals {
		errs[i] = s.Delete(store, removal)
	}
	return errs, nil
}

// Transact is part of state.Host.
func (s *stores) Transact(store string, steps []state.Step) ([]string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before := maps.Clone(s.items)
	etags := make([]string, len(steps))
	for i, step := range steps {
		etag, err := step.Do(
			func(entry state.Entry) (string, error) { return s.set(store, entry) },
			func(removal state.Removal) error { return s.remove(store, removal) },
			func(removal state.Removal) error { return s.check(store, removal) },
			func(key string, delta int64) error {
				_, err := s.add(address{store, key}, delta, state.Expiry{})
				return err
			},
		)
		if err != nil {
			s.items = before
			return nil, err
		}
		etags[i] = etag
	}
	return etags, nil
}

// Increment is part of state.Host.
func (s *stores) Increment(store, key string, delta int64, initial state.Expiry) (int64, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.add(address{store, key}, delta, initial)
}

// ListKeys is part of state.Host.
func (s *stores) ListKeys(store, prefix, cursor string, limit uint32) (state.KeyPage, error) {
	if limit < 1 || limit > 1000 {
		return state.KeyPage{}, ottavo.Errorf(ottavo.ErrInvalidArgument,
			"the limit of a page is `%d`: use 1 to 1000", limit)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var keys []string
	for at := range s.items {
		_, exists := s.item(at)
		if exists && at.store == store && strings.HasPrefix(at.key, prefix) && at.key > cursor {
			keys = append(keys, at.key)
		}
	}
	slices.Sort(keys)
	if uint32(len(keys)) <= limit {
		return state.KeyPage{Keys: keys}, nil
	}
	return state.KeyPage{Keys: keys[:limit], Next: keys[limit-1]}, nil
}

// item is what is there now.
func (s *stores) item(at address) (item, bool) {
	found, exists := s.items[at]
	if exists && !found.expires.IsZero() && !time.Now().Before(found.expires) {
		return item{}, false
	}
	return found, exists
}

func (s *stores) check(store string, removal state.Removal) error {
	found, exists := s.item(address{store, removal.Key})
	if removal.Precondition.Holds(exists, found.etag) {
		return nil
	}
	return ottavo.Errorf(ottavo.ErrConflict, "the precondition on key `%s` does not hold", removal.Key)
}

func (s *stores) set(store string, entry state.Entry) (string, error) {
	err := s.check(store, state.Removal{Key: entry.Key, Precondition: entry.Precondition})
	if err != nil {
		return "", err
	}
	return s.write(address{store, entry.Key}, entry.Data, entry.Expiry), nil
}

func (s *stores) remove(store string, removal state.Removal) error {
	if err := s.check(store, removal); err != nil {
		return err
	}
	delete(s.items, address{store, removal.Key})
	return nil
}

func (s *stores) add(at address, delta int64, initial state.Expiry) (int64, error) {
	found, exists := s.item(at)
	if !exists {
		s.write(at, []byte(strconv.FormatInt(delta, 10)), initial)
		return delta, nil
	}
	number, err := strconv.ParseInt(string(found.data), 10, 64)
	sum := number + delta
	if err == nil && (sum > number) != (delta > 0) && delta != 0 {
		err = errors.New("the sum is beyond 64 bits")
	}
	if err != nil {
		return 0, ottavo.Errorf(ottavo.ErrFailedPrecondition,
			"cannot add `%d` to key `%s`: %w", delta, at.key, err)
	}
	s.write(at, []byte(strconv.FormatInt(sum, 10)), state.Expiry{})
	return sum, nil
}

func (s *stores) write(at address, data []byte, expiry state.Expiry) string {
	found, _ := s.item(at)
	s.writes++
	etag := strconv.FormatUint(s.writes, 10)
	s.items[at] = item{slices.Clone(data), etag, expiry.At(time.Now(), found.expires)}
	return etag
}
