package ottavo

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestAnErrorIsFoundByItsKindAndByWhatItWraps(t *testing.T) {
	err := fmt.Errorf("counting: %w", Errorf(ErrConflict, "writing `%s`: %w", "a", io.ErrShortWrite))
	if !errors.Is(err, ErrConflict) || !errors.Is(err, io.ErrShortWrite) || errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	var failed *Error
	if !errors.As(err, &failed) || failed.Message != "writing `a`: short write" {
		t.Errorf("%+v", failed)
	}
	if same, ok := AsError(err); !ok || same != failed {
		t.Errorf("%+v", same)
	}
	if none, ok := AsError(errors.Join(io.EOF, io.ErrNoProgress)); ok {
		t.Errorf("%+v", none)
	}
	if joined, ok := AsError(errors.Join(io.EOF, err)); !ok || joined != failed {
		t.Errorf("%+v", joined)
	}
}

func TestWrappingAnErrorDoesNotChangeItsKind(t *testing.T) {
	err := Errorf(ErrUnavailable, "reading: %w", Errorf(ErrNotFound, "no `a`"))
	if got := answerable(err); got.Kind != ErrUnavailable || got.Message != "reading: no `a`" {
		t.Errorf("%+v", got)
	}
}

func TestEveryErrorBecomesAnAnswer(t *testing.T) {
	detailed := &Error{Kind: ErrExhausted, Message: "slow down", Details: []Pair{{"limit", "5"}}}
	for _, test := range []struct {
		err      error
		kind     Kind
		message  string
		retry    bool
		ofDetail string
	}{
		{detailed, ErrExhausted, "slow down", false, "5"},
		{fmt.Errorf("counting: %w", detailed), ErrExhausted, "counting: slow down", false, "5"},
		{Errorf(ErrUnavailable, "down"), ErrUnavailable, "down", true, ""},
		{ErrNotFound, ErrNotFound, "not-found", false, ""},
		{fmt.Errorf("book: %w", ErrNotFound), ErrNotFound, "book: not-found", false, ""},
		{io.EOF, ErrInternal, "EOF", false, ""},
		{(*Error)(nil), ErrInternal, "a handler returned a nil *ottavo.Error as an error", false, ""},
	} {
		got := answerable(test.err)
		detail, _ := got.Detail("limit")
		if got.Kind != test.kind || got.Error() != test.message ||
			got.Retryable != test.retry || detail != test.ofDetail {
			t.Errorf("%v: %+v", test.err, got)
		}
	}
}

func TestKindsHaveTheNamesOfTheWITPackage(t *testing.T) {
	for kind := ErrInvalidArgument; kind <= ErrOther; kind++ {
		if found, known := ParseKind(kind.String()); !known || found != kind {
			t.Errorf("%d: %s", kind, kind)
		}
	}
	if _, known := ParseKind("luck"); known || Kind(99).String() != "other" {
		t.Error("there are 16 kinds")
	}
}
