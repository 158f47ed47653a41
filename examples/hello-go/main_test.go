package main

import (
	"testing"

	"ottavo.dev/ottavo"
)

func TestTheNameInThePathIsGreeted(t *testing.T) {
	for name, greeting := range map[string]string{"Ada": "Hello, Ada!", "": "Hello, world!"} {
		r := ottavo.NewRequest("GET", "/go/hello/"+name, "")
		r.SetPathValue("name", name)
		w := ottavo.NewRecorder()
		if err := hello(w, r); err != nil || string(w.Body) != greeting {
			t.Errorf("%q: %q, %v", name, w.Body, err)
		}
	}
}
