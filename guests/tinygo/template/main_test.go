package main

import (
	"testing"

	"ottavo.dev/ottavo"
)

func TestTheNameInTheQueryIsGreeted(t *testing.T) {
	for target, greeting := range map[string]string{
		"/{{name}}?name=Ada": "Hello, Ada!\n",
		"/{{name}}":          "Hello, world!\n",
	} {
		w := ottavo.NewRecorder()
		if err := greet(w, ottavo.NewRequest("GET", target, "")); err != nil || string(w.Body) != greeting {
			t.Errorf("%s: %q, %v", target, w.Body, err)
		}
	}
}
