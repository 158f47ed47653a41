// Events does with each event what its data says, as the program `events` in Rust does.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/call"
	"ottavo.dev/ottavo/state"
)

func init() {
	ottavo.HandleHTTP(answer)
	ottavo.HandleEvent(receive)
}

func answer(w ottavo.ResponseWriter, r *ottavo.Request) error {
	_, err := fmt.Fprintf(w, "%s %s", r.Method, r.Path)
	return err
}

func receive(e *ottavo.Event) error {
	store := state.Open("default")
	if _, err := store.Set("event/"+e.ID, []byte(told(e))); err != nil {
		return err
	}
	if _, err := store.Increment("tries/"+e.ID, 1); err != nil {
		return err
	}
	if err := obey(e); err != nil {
		return err
	}
	_, err := store.Increment("done/"+e.ID, 1)
	return err
}

func told(e *ottavo.Event) string {
	var text strings.Builder
	line := func(name, value string) { text.WriteString(name + "=" + value + "\n") }
	fact := func(name string) string {
		value, known := call.Get(name)
		if !known {
			return "-"
		}
		return value
	}
	line("id", e.ID)
	line("source", e.Source)
	line("type", e.Type)
	line("subject", or(e.Subject))
	line("time", or(e.Time))
	line("content-type", e.ContentType)
	line("trigger", e.Trigger)
	line("origin", e.Origin)
	line("topic", e.Topic)
	line("attempt", strconv.Itoa(e.Attempt))
	for name, value := range e.Attributes() {
		line("attribute."+name, value)
	}
	line("data", string(e.Data))
	line("scheme", fact("scheme"))
	line("version", fact("version"))
	return text.String()
}

func or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func obey(e *ottavo.Event) error {
	text, err := e.Text()
	if err != nil {
		return err
	}
	verb, rest, _ := strings.Cut(text, " ")
	until, wait, timed := strings.Cut(rest, " ")
	last, err := strconv.Atoi(until)
	if err != nil {
		last = 1 << 30
	}
	switch {
	case verb == "drop":
		return ottavo.Drop(rest)
	case e.Attempt > last:
		return nil
	case verb == "retry" && timed:
		millis, err := strconv.Atoi(wait)
		if err != nil {
			return err
		}
		return ottavo.RetryAfter(time.Duration(millis) * time.Millisecond)
	case verb == "retry" || verb == "error":
		return ottavo.Errorf(ottavo.ErrUnavailable, "told to fail")
	case verb == "trap":
		panic("told to trap")
	}
	return nil
}

func main() {}
