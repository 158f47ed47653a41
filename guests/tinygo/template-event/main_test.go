package main

import (
	"testing"

	"ottavo.dev/ottavo"
)

func TestTextIsReceivedAndAnythingElseIsDropped(t *testing.T) {
	if err := receive(&ottavo.Event{Data: []byte("hello")}); err != nil {
		t.Error(err)
	}
	if err := receive(&ottavo.Event{Data: []byte{0xff}}); err == nil {
		t.Error("it is not dropped")
	}
}
