// Counter counts: GET tells the number of a name, POST adds one and tells the new one.
//
// POST counts in one atomic step. POST ?how=etag reads and writes in two, and tries again when
// somebody else wrote in between.
package main

import (
	"errors"
	"fmt"
	"strconv"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/state"
)

func init() { ottavo.HandleHTTP(counter) }

func counter(w ottavo.ResponseWriter, r *ottavo.Request) error {
	store, key := state.Open("default"), "counter:"+r.PathValue("name")
	number, err := int64(0), error(nil)
	if how := r.Query().Get("how"); r.Method != "POST" {
		number, _, err = read(store, key)
	} else if how == "" {
		number, err = store.Increment(key, 1)
	} else if how == "etag" {
		number, err = addByEtag(store, key)
	} else {
		err = ottavo.Errorf(ottavo.ErrInvalidArgument, "`how` is `%s`: leave it out, or use `etag`", how)
	}
	if err == nil {
		_, err = fmt.Fprint(w, number)
	}
	return err
}

// read is the number and what it may be overwritten under.
func read(store state.Store, key string) (int64, state.Precondition, error) {
	value, found, err := store.Get(key)
	if err != nil || !found {
		return 0, state.IfAbsent(), err
	}
	number, err := strconv.ParseInt(value.String(), 10, 64)
	if err != nil {
		err = ottavo.Errorf(ottavo.ErrDataLoss, "the counter holds `%s`, no number", value)
	}
	return number, state.IfMatch(value.Etag), err
}

// addByEtag gives up after ten attempts: the caller may try again later.
func addByEtag(store state.Store, key string) (int64, error) {
	for attempt := 1; ; attempt++ {
		number, unchanged, err := read(store, key)
		if err != nil {
			return 0, err
		}
		number++
		_, err = store.Set(key, []byte(strconv.FormatInt(number, 10)), unchanged)
		if !errors.Is(err, ottavo.ErrConflict) || attempt == 10 {
			return number, err
		}
	}
}

func main() {}
