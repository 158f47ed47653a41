// A function that greets whoever the query names.
package main

import (
	"fmt"

	"ottavo.dev/ottavo"
)

func init() { ottavo.HandleHTTP(greet) }

func greet(w ottavo.ResponseWriter, r *ottavo.Request) error {
	name := r.Query().Get("name")
	if name == "" {
		name = "world"
	}
	_, err := fmt.Fprintf(w, "Hello, %s!\n", name)
	return err
}

// The host calls what `init` names; this stays empty.
func main() {}
