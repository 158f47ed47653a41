package main

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/ottavotest"
	"ottavo.dev/ottavo/state"
)

func call(t *testing.T, method, query string) (string, error) {
	t.Helper()
	r := ottavo.NewRequest(method, "/go/counter/a"+query, "")
	r.SetPathValue("name", "a")
	w := ottavo.NewRecorder()
	err := counter(w, r)
	return string(w.Body), err
}

func TestBothWaysCountTheSame(t *testing.T) {
	ottavotest.Stores(t)
	steps := []struct{ method, query, number string }{
		{"GET", "", "0"},
		{"POST", "", "1"},
		{"POST", "?how=etag", "2"},
		{"POST", "", "3"},
		{"GET", "", "3"},
	}
	for _, step := range steps {
		if number, err := call(t, step.method, step.query); err != nil || number != step.number {
			t.Errorf("%s %s: %s, %v", step.method, step.query, number, err)
		}
	}
}

func TestTheFirstCountCanBeByEtag(t *testing.T) {
	ottavotest.Stores(t)
	if number, err := call(t, "POST", "?how=etag"); err != nil || number != "1" {
		t.Errorf("%s, %v", number, err)
	}
}

// rival counts, too, whenever somebody else has read.
type rival struct {
	state.Host
	times, reads int
}

func (r *rival) Get(store, key string, options []state.Option) (state.Value, bool, error) {
	value, found, err := r.Host.Get(store, key, options)
	if r.reads++; r.reads <= r.times && err == nil {
		_, err = r.Host.Increment(store, key, 1, state.Expiry{})
	}
	return value, found, err
}

func withRival(t *testing.T, times int) {
	t.Helper()
	ottavotest.Stores(t)
	stores := state.SetHost(nil)
	state.SetHost(&rival{Host: stores, times: times})
}

func TestAWriteInBetweenMeansAnotherAttempt(t *testing.T) {
	withRival(t, 9)
	if number, err := call(t, "POST", "?how=etag"); err != nil || number != "10" {
		t.Errorf("%s, %v", number, err)
	}
}

func TestTenAttemptsAreEnough(t *testing.T) {
	withRival(t, 10)
	if number, err := call(t, "POST", "?how=etag"); !errors.Is(err, ottavo.ErrConflict) {
		t.Errorf("%s, %v", number, err)
	}
}

func TestThereIsNoOtherWay(t *testing.T) {
	if _, err := call(t, "POST", "?how=luck"); !errors.Is(err, ottavo.ErrInvalidArgument) {
		t.Errorf("%v", err)
	}
}
