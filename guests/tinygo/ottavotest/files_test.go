//go:build !wasm

package ottavotest_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
	"ottavo.dev/ottavo/ottavotest"
)

func TestFilesAppearWhenTheyAreFinished(t *testing.T) {
	ottavotest.Stores(t)
	store := file.Open("default")
	w, err := store.Writer("a/b", file.ContentType("text/plain"), file.IfAbsent())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "0123", "456789")
	if _, found, _ := store.Read("a/b"); found {
		t.Fatal("there before it is finished")
	}
	if info, err := w.Finish(); err != nil || info.Size != 10 || info.ContentType != "text/plain" {
		t.Fatal(info, err)
	}
	if _, err := w.Write([]byte("x")); !errors.Is(err, ottavo.ErrFailedPrecondition) {
		t.Fatal(err)
	}
	r, found, err := store.ReaderAt("a/b", 3, 4)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	if data, err := io.ReadAll(r); err != nil || string(data) != "3456" {
		t.Fatal(string(data), err)
	}
	if _, err := store.Write("a/b", nil, file.IfAbsent()); !errors.Is(err, ottavo.ErrConflict) {
		t.Fatal(err)
	}
	for info, err := range store.Files("a/") {
		if err != nil || info.Name != "a/b" {
			t.Fatal(info, err)
		}
	}
}
