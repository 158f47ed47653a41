// Inventory counts books: GET ?name=book1 tells how many there are, PUT sets it.
package main

import (
	"fmt"
	"strconv"
	"strings"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/log"
	"ottavo.dev/ottavo/state"
)

func init() { ottavo.HandleHTTP(inventory) }

func inventory(w ottavo.ResponseWriter, r *ottavo.Request) error {
	name := r.Query().Get("name")
	if name == "" {
		return ottavo.Errorf(ottavo.ErrInvalidArgument, "the query names no book: add `?name=book1`")
	}
	store := state.Open("default")
	if r.Method == "PUT" {
		count, err := count(r)
		if err != nil {
			return err
		}
		if _, err := store.Set(name, []byte(strconv.FormatUint(count, 10))); err != nil {
			return err
		}
		log.Info("inventory set", "book", name, "count", count)
		w.WriteHeader(ottavo.StatusNoContent)
		return nil
	}
	count, found, err := store.Get(name)
	if err != nil {
		return err
	}
	if !found {
		return ottavo.Errorf(ottavo.ErrNotFound,
			"no inventory of `%s`: PUT its number to this address first", name)
	}
	_, err = fmt.Fprintf(w, "There are %s inventories for %s.", count, name)
	return err
}

// count is the number in the body.
func count(r *ottavo.Request) (uint64, error) {
	text, err := r.Text()
	if err != nil {
		return 0, err
	}
	text = strings.TrimSpace(text)
	count, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, ottavo.Errorf(ottavo.ErrInvalidArgument,
			"`%s` is no inventory: send a whole number, 0 or more", text)
	}
	return count, nil
}

func main() {}
