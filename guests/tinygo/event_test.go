package ottavo

import (
	"fmt"
	"testing"
	"time"
)

// outcomeOf is what the host gets from a handler.
func outcomeOf(t *testing.T, h EventHandler) outcome {
	t.Helper()
	before := eventHandler
	t.Cleanup(func() { eventHandler = before })
	eventHandler = h
	return receive(&Event{Data: []byte("x")})
}

func TestWhatAHandlerReturnsIsTheOutcome(t *testing.T) {
	if got := outcomeOf(t, func(*Event) error { return nil }); got != (outcome{}) {
		t.Error(got)
	}
	got := outcomeOf(t, func(*Event) error { return fmt.Errorf("later: %w", RetryAfter(time.Second)) })
	if got.retry == nil || got.retry.after != time.Second || got.failed != nil {
		t.Error(got)
	}
	got = outcomeOf(t, func(*Event) error { return Drop("bad") })
	if got.drop == nil || got.drop.reason != "bad" {
		t.Error(got)
	}
	got = outcomeOf(t, func(*Event) error { return fmt.Errorf("store: %w", ErrUnavailable) })
	if got.failed == nil || got.failed.Kind != ErrUnavailable {
		t.Error(got)
	}
}

func TestAProgramWithoutAHandlerOfEventsSaysSo(t *testing.T) {
	if got := outcomeOf(t, nil); got.failed == nil || got.failed.Kind != ErrUnsupported {
		t.Error(got)
	}
}

func TestTheDataOfAnEventIsTextOrRefused(t *testing.T) {
	event := Event{Data: []byte("Grüße")}
	event.SetAttribute("region", "eu")
	if text, err := event.Text(); err != nil || text != "Grüße" {
		t.Error(text, err)
	}
	if value, known := event.Attribute("region"); !known || value != "eu" {
		t.Error(value)
	}
	event.Data = []byte{0xff}
	if _, err := event.Text(); err == nil {
		t.Error("it is not text")
	}
}
