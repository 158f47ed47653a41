package state_test

import (
	"errors"
	"fmt"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/state"
)

func Example() {
	ottavo.HandleHTTP(func(w ottavo.ResponseWriter, r *ottavo.Request) error {
		store := state.Open("default")
		if _, err := store.Set("book1", []byte("100")); err != nil {
			return err
		}
		book, found, err := store.Get("book1")
		if err != nil || !found {
			return err
		}
		// only while nobody else wrote in between
		_, err = store.Set("book1", []byte("99"), state.IfMatch(book.Etag))
		if errors.Is(err, ottavo.ErrConflict) {
			return ottavo.Errorf(ottavo.ErrConflict, "somebody else sold it: look again")
		}
		_, err = store.Set("session", []byte("abc"), state.IfAbsent(), state.After(time.Minute))
		if err != nil {
			return err
		}
		// all or nothing
		_, err = store.Transact(
			state.Check("closed", state.IfAbsent()),
			state.Add("sold", 1),
			state.Upsert("last", []byte("book1")),
			state.Remove("session"),
		)
		if err != nil {
			return err
		}
		for key, err := range store.Keys("book") {
			if err != nil {
				return err
			}
			fmt.Fprintln(w, key)
		}
		return nil
	})
}
