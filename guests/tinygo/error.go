package ottavo

import "fmt"

// An Error is what every service of the host returns, and what a handler may return: it becomes the
// HTTP status of its kind, with its message for the caller to read.
//
//	if errors.Is(err, ottavo.ErrConflict) { ... }
//
//	if failed, ok := ottavo.AsError(err); ok && failed.Retryable { ... }
type Error struct {
	Kind Kind
	// Message is for people: what was attempted, on what, and the next step.
	Message string
	// Retryable is true when the same call may succeed later and does no harm.
	Retryable bool
	// Details are for programs: etag, index, limit, retry-after-ms, ...
	Details []Pair

	cause error
}

// A Pair is a name and a value.
type Pair struct{ Name, Value string }

// Errorf makes an error of this kind, retryable as the kind is. What %w names can be found in it, and
// does not change the kind.
func Errorf(kind Kind, format string, args ...any) error {
	text := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Message: text.Error(), Retryable: kind.Retryable(), cause: text}
}

// Error is the message.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Kind.String()
	}
	return e.Message
}

// Unwrap leads errors.Is to the kind, and to what the error was made from.
func (e *Error) Unwrap() []error {
	if e.cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.cause}
}

// Detail is the first value of this name.
func (e *Error) Detail(name string) (string, bool) { return find(e.Details, name) }

// AsError finds the first *Error that err is or wraps, as errors.As does.
//
// A program for TinyGo that uses encoding/json needs it: once errors.As is in the program, encoding/json
// panics there ("unimplemented: AssignableTo with interface", TinyGo 0.39).
func AsError(err error) (*Error, bool) { return as[*Error](err) }

// as is the first error in the chain that is a T.
func as[T error](err error) (T, bool) {
	for err != nil {
		if found, is := err.(T); is {
			return found, true
		}
		switch wrapper := err.(type) {
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			for _, err := range wrapper.Unwrap() {
				if found, is := as[T](err); is {
					return found, true
				}
			}
			err = nil
		default:
			err = nil
		}
	}
	var none T
	return none, false
}

// answerable is the error as it goes to the caller: the first in the chain that has a kind gives it,
// the outermost gives the message. An error without a kind is a fault of the function.
func answerable(err error) *Error {
	if failed, is := AsError(err); is {
		if failed == nil {
			return &Error{Kind: ErrInternal, Message: "a handler returned a nil *ottavo.Error as an error"}
		}
		if err == error(failed) {
			return failed
		}
		wrapped := *failed
		wrapped.Message = err.Error()
		return &wrapped
	}
	if kind, is := as[Kind](err); is {
		return &Error{Kind: kind, Message: err.Error(), Retryable: kind.Retryable()}
	}
	return &Error{Kind: ErrInternal, Message: err.Error()}
}

func find(pairs []Pair, name string) (string, bool) {
	for _, pair := range pairs {
		if pair.Name == name {
			return pair.Value, true
		}
	}
	return "", false
}
