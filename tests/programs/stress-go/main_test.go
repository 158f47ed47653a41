package main

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/ottavotest"
)

func call(method, what, query, body string) (*ottavo.Recorder, error) {
	r := ottavo.NewRequest(method, "/stress/go/"+what+"?"+query, body)
	r.SetPathValue("what", what)
	w := ottavo.NewRecorder()
	return w, stress(w, r)
}

func TestTheAnswersAreThoseThatTheHostsTestsExpect(t *testing.T) {
	ottavotest.Stores(t)
	for _, step := range []struct{ what, query, body, answer string }{
		{"echo", "", "abc", "abc"},
		{"store", "key=k&times=3", "abc", "e71fa2190541574b"},
		{"store", "key=k&times=1", "", "cbf29ce484222325"},
		{"json", "", `{"name":"a","counts":[1,2],"more":true}`,
			`{"known":{"name":"a","counts":[1,2]},"length":39}` + "\n"},
		{"together", "", "abc", "4 goroutines"},
	} {
		w, err := call("POST", step.what, step.query, step.body)
		if err != nil || string(w.Body) != step.answer {
			t.Errorf("%v: %s, %v", step, w.Body, err)
		}
	}
	for query, kind := range map[string]ottavo.Kind{
		"kind=conflict": ottavo.ErrConflict,
		"kind=luck":     ottavo.ErrInvalidArgument,
	} {
		if _, err := call("GET", "fail", query, ""); !errors.Is(err, kind) {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := call("GET", "echo", "", ""); !errors.Is(err, ottavo.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
