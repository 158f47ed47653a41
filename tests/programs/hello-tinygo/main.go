// Hello greets whoever the path names.
package main

import (
	"fmt"

	"ottavo.dev/ottavo"
)

func init() { ottavo.HandleHTTP(hello) }

func hello(w ottavo.ResponseWriter, r *ottavo.Request) error {
	name := r.PathValue("name")
	if name == "" {
		name = "world"
	}
	_, err := fmt.Fprintf(w, "Hello, %s!", name)
	return err
}

func main() {}
