package main

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/ottavotest"
)

func call(method, target, body string) (*ottavo.Recorder, error) {
	w := ottavo.NewRecorder()
	return w, inventory(w, ottavo.NewRequest(method, target, body))
}

func TestWhatIsPutIsTold(t *testing.T) {
	ottavotest.Stores(t)
	if _, err := call("GET", "/go/inventory?name=book1", ""); !errors.Is(err, ottavo.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	w, err := call("PUT", "/go/inventory?name=book1", " 100\n")
	if err != nil || w.Code != ottavo.StatusNoContent {
		t.Errorf("put: %d, %v", w.Code, err)
	}
	w, err = call("GET", "/go/inventory?name=book1", "")
	if err != nil || string(w.Body) != "There are 100 inventories for book1." {
		t.Errorf("after: %s, %v", w.Body, err)
	}
}

func TestABookMustBeNamed(t *testing.T) {
	for _, target := range []string{"/go/inventory", "/go/inventory?name=", "/go/inventory?nam=book1"} {
		if _, err := call("GET", target, ""); !errors.Is(err, ottavo.ErrInvalidArgument) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestOnlyAWholeNumberIsACount(t *testing.T) {
	ottavotest.Stores(t)
	for _, body := range []string{"", "-1", "1.5", "many", "99999999999999999999", "\xff"} {
		_, err := call("PUT", "/go/inventory?name=book1", body)
		if !errors.Is(err, ottavo.ErrInvalidArgument) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
