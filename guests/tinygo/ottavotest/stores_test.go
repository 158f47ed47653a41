package ottavotest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/state"
)

func TestPreconditionsAreKept(t *testing.T) {
	Stores(t)
	store := state.Open("default")
	etag, err := store.Set("k", []byte("1"), state.IfAbsent())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Set("k", nil, state.IfAbsent()); !errors.Is(err, ottavo.ErrConflict) {
		t.Error(err)
	}
	newer, err := store.Set("k", []byte("2"), state.IfMatch(etag))
	if err != nil || newer == etag {
		t.Error(newer, err)
	}
	if err := store.Delete("k", state.IfMatch(etag)); !errors.Is(err, ottavo.ErrConflict) {
		t.Error(err)
	}
	value, found, err := store.Get("k")
	if value.String() != "2" || value.Etag != newer || !found || err != nil {
		t.Error(value, found, err)
	}
	if _, found, _ := state.Open("other").Get("k"); found {
		t.Error("two stores share a key")
	}
	if err := errors.Join(store.Delete("k"), store.Delete("k")); err != nil {
		t.Error(err)
	}
}

func TestATransactionHappensWholeOrNot(t *testing.T) {
	Stores(t)
	store := state.Open("default")
	etags, err := store.Transact(
		state.Check("lock", state.IfAbsent()),
		state.Add("to", 5),
		state.Upsert("last", []byte("to")),
	)
	if err != nil || len(etags) != 3 || etags[0] != "" || etags[1] != "" || etags[2] == "" {
		t.Error(etags, err)
	}
	_, err = store.Transact(state.Add("to", 5), state.Remove("last", state.IfMatch("0")))
	if !errors.Is(err, ottavo.ErrConflict) {
		t.Error(err)
	}
	if sum, err := store.Increment("to", 0); sum != 5 || err != nil {
		t.Error(sum, err)
	}
	if _, err := store.Increment("last", 1); !errors.Is(err, ottavo.ErrFailedPrecondition) {
		t.Error(err)
	}
}

func TestManyHaveAnOutcomeEach(t *testing.T) {
	Stores(t)
	store := state.Open("default")
	written, err := store.SetMany(state.NewEntry("a", []byte("1")), state.NewEntry("b", nil, state.IfMatch("7")))
	if err != nil || written[0].Err != nil || !errors.Is(written[1].Err, ottavo.ErrConflict) {
		t.Error(written, err)
	}
	lookups, err := store.GetMany([]string{"a", "b"})
	if err != nil || !lookups[0].Found || lookups[1].Found {
		t.Error(lookups, err)
	}
	errs, err := store.DeleteMany(state.NewRemoval("a"), state.NewRemoval("b", state.IfMatch("7")))
	if err != nil || errs[0] != nil || !errors.Is(errs[1], ottavo.ErrConflict) {
		t.Error(errs, err)
	}
}

func TestKeysComePageByPage(t *testing.T) {
	Stores(t)
	store := state.Open("default")
	var expected []string
	for i := range 600 {
		key := fmt.Sprintf("book%03d", i)
		expected = append(expected, key)
		if _, err := store.Set(key, nil); err != nil {
			t.Fatal(err)
		}
	}
	store.Set("other", nil)
	var keys []string
	for key, err := range store.Keys("book") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if !slices.Equal(keys, expected) {
		t.Errorf("%d keys", len(keys))
	}
	for range store.Keys("book") {
		break
	}
	if _, err := store.Page("", "", 0); !errors.Is(err, ottavo.ErrInvalidArgument) {
		t.Error(err)
	}
}

func TestAKeyGoesWhenItsTimeIsOver(t *testing.T) {
	Stores(t)
	store := state.Open("default")
	store.Set("gone", nil, state.After(0))
	store.Set("kept", nil, state.After(time.Hour))
	store.Set("kept", nil)
	if _, found, _ := store.Get("gone"); found {
		t.Error("it is still there")
	}
	if _, found, _ := store.Get("kept"); !found {
		t.Error("it went too early")
	}
}

func TestWithoutStoresACallSaysWhatToDo(t *testing.T) {
	defer func() {
		if text := fmt.Sprint(recover()); text != "ottavo: a store was called where there is no host: "+
			"a test begins with ottavotest.Stores(t)" {
			t.Error(text)
		}
	}()
	state.Open("default").Get("k")
}
