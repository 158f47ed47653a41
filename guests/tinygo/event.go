package ottavo

import (
	"iter"
	"time"
	"unicode/utf8"
)

// An Event is a CloudEvents 1.0 event, and how it came.
type Event struct {
	// ID is the same on each delivery.
	ID     string
	Source string
	Type   string
	// Subject is "" when there is none.
	Subject string
	// Time is in RFC 3339, "" when there is none. For a schedule: when it was due.
	Time        string
	ContentType string
	// Trigger is how it came: "subscribe", "schedule", ...
	Trigger string
	// Origin is what it came through: the name of a pub/sub store, of a schedule, ...
	Origin string
	// Topic is "" when it came through none.
	Topic string
	Data  []byte
	// Attempt is 1 on the first delivery.
	Attempt int

	attributes []Pair
}

// Attribute is an attribute of the publisher's.
func (e *Event) Attribute(name string) (value string, known bool) { return find(e.attributes, name) }

// Attributes is all attributes of the publisher's.
func (e *Event) Attributes() iter.Seq2[string, string] { return each(e.attributes) }

// SetAttribute adds an attribute, for tests.
func (e *Event) SetAttribute(name, value string) {
	e.attributes = append(e.attributes, Pair{name, value})
}

// Text is the data as text, or an error of kind ErrInvalidArgument when it is not UTF-8.
func (e *Event) Text() (string, error) {
	if !utf8.Valid(e.Data) {
		return "", &Error{Kind: ErrInvalidArgument, Message: "reading the event as text: it is not UTF-8"}
	}
	return string(e.Data), nil
}

// An EventHandler handles one event. When it returns nil, the event is done with. With an error it
// comes again, up to max_deliveries of the manifest: [RetryAfter] says when, [Drop] that it never
// should. An event may come more than once.
type EventHandler func(e *Event) error

var eventHandler EventHandler

// HandleEvent makes h receive the events of the program's subscriptions and schedules. Call it once, in
// an init function. A program may handle requests as well.
func HandleEvent(h EventHandler) {
	if h == nil {
		panic("ottavo: HandleEvent needs a handler")
	}
	if eventHandler != nil {
		panic("ottavo: HandleEvent was called twice: a program has one handler of events")
	}
	eventHandler = h
}

// RetryAfter is what an EventHandler returns for an event that is to be delivered again, not before
// the time has passed.
func RetryAfter(wait time.Duration) error { return retry{wait} }

// Drop is what an EventHandler returns for an event that is never to be delivered again. It goes to the
// dead-letter topic of the manifest where one is set.
func Drop(reason string) error { return drop{reason} }

type retry struct{ after time.Duration }

func (r retry) Error() string { return "retry after " + r.after.String() }

type drop struct{ reason string }

func (d drop) Error() string { return d.reason }

// An outcome is what becomes of an event: at most one is set.
type outcome struct {
	retry  *retry
	drop   *drop
	failed *Error
}

// receive calls the handler.
func receive(e *Event) outcome {
	if eventHandler == nil {
		return outcome{failed: &Error{
			Kind:    ErrUnsupported,
			Message: "the program has no handler of events: call ottavo.HandleEvent in an init function",
		}}
	}
	err := eventHandler(e)
	if err == nil {
		return outcome{}
	}
	if dropped, is := as[drop](err); is {
		return outcome{drop: &dropped}
	}
	if again, is := as[retry](err); is {
		return outcome{retry: &again}
	}
	return outcome{failed: answerable(err)}
}
