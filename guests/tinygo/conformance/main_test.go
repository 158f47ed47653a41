package main

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/ottavotest"
)

// text is a string as relay.md encodes it; short counts are one character.
func text(s string) string { return string(rune(len(s))) + "\x00\x00\x00" + s }

func call(body string) (string, error) {
	w := ottavo.NewRecorder()
	err := relay(w, ottavo.NewRequest("POST", "/", body))
	return string(w.Body), err
}

func TestACallIsMadeAndItsOutcomeEncoded(t *testing.T) {
	ottavotest.Stores(t)
	get := text("state.get") + text("default") + text("k") + "\x00\x00\x00\x00"
	set := text("state.set") + text("default") + text("k") + text("hi") + "\x00\x00" + "\x00\x00\x00\x00"
	absent := text("state.delete") + text("default") + text("k") + "\x02" + text("7")
	for _, step := range []struct{ call, outcome string }{
		{get, "\x00\x00"},
		{set, "\x00" + text("1")},
		{get, "\x00\x01" + text("hi") + text("1")},
		{absent, "\x01\x05" + text("the precondition on key `k` does not hold") + "\x00" + "\x00\x00\x00\x00"},
	} {
		if outcome, err := call(step.call); err != nil || outcome != step.outcome {
			t.Errorf("%q: %q, %v", step.call, outcome, err)
		}
	}
}

func TestWhatIsNoCallIsRefused(t *testing.T) {
	ottavotest.Stores(t)
	for _, body := range []string{
		"",
		text("state.get"),
		text("state.take") + text("default"),
		text("lock.get"),
		text("state.get") + text("default") + text("\xff") + "\x00\x00\x00\x00",
		text("state.get") + text("default") + text("k") + "\xff\xff\xff\xff",
		text("state.get") + text("default") + text("k") + "\x00\x00\x00\x00" + "more",
		text("state.delete") + text("default") + text("k") + "\x03",
		text("state.list-keys") + text("default") + text("") + "\x02" + "\x01\x00\x00\x00",
	} {
		if _, err := call(body); !errors.Is(err, ottavo.ErrInvalidArgument) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
