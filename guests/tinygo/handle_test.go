package ottavo

import (
	"slices"
	"strings"
	"testing"
)

// answerOf is what the host gets from a handler.
func answerOf(t *testing.T, h Handler) (*Recorder, *Error) {
	t.Helper()
	before := handler
	t.Cleanup(func() { handler = before })
	handler = h
	return answer(NewRequest("GET", "/", ""))
}

func TestABodyWithoutATypeGetsOne(t *testing.T) {
	binary := strings.Repeat("a", 600) + "\x00"
	for body, contentType := range map[string]string{
		"":                             "",
		"Grüße\n":                      "text/plain; charset=utf-8",
		"\x00":                         "application/octet-stream",
		"\xff\xfe":                     "application/octet-stream",
		"PK\x03\x04":                   "application/octet-stream",
		binary:                         "text/plain; charset=utf-8", // only the beginning is looked at
		"\ufffd":                       "text/plain; charset=utf-8",
		"cut \xe2\x82":                 "application/octet-stream",
		strings.Repeat("a", 511) + "€": "text/plain; charset=utf-8",
	} {
		w, err := answerOf(t, func(w ResponseWriter, _ *Request) error {
			_, err := w.WriteString(body)
			return err
		})
		if err != nil || w.Code != StatusOK || w.Header().Get("Content-Type") != contentType {
			t.Errorf("%.20q: %+v, %v", body, w.header, err)
		}
	}
	w, err := answerOf(t, func(w ResponseWriter, _ *Request) error {
		w.Write([]byte("<p>"))
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(StatusCreated)
		return nil
	})
	if err != nil || w.Code != 201 || !slices.Equal(w.header.lines, []Pair{{"content-type", "text/html"}}) {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestAnErrorReplacesWhatWasWritten(t *testing.T) {
	w, err := answerOf(t, func(w ResponseWriter, _ *Request) error {
		w.WriteString("half")
		return ErrConflict
	})
	if w != nil || err.Kind != ErrConflict {
		t.Error(w, err)
	}
}

func TestWhatIsNoStatusIsTheFunctionsFault(t *testing.T) {
	for _, status := range []int{-1, 0, 99, 1000, 65536 + 200} {
		_, err := answerOf(t, func(w ResponseWriter, _ *Request) error {
			w.WriteHeader(status)
			return nil
		})
		if err == nil || err.Kind != ErrInternal {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAProgramHasOneHandler(t *testing.T) {
	if _, err := answerOf(t, nil); err == nil || err.Kind != ErrUnsupported {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a second handler was taken")
		}
	}()
	HandleHTTP(func(ResponseWriter, *Request) error { return nil })
	HandleHTTP(func(ResponseWriter, *Request) error { return nil })
}

func TestHeaderNamesAreFoundInAnyCase(t *testing.T) {
	var h Header
	h.Set("Content-Type", "text/csv")
	h.Add("Set-Cookie", "a=1")
	h.Add("set-cookie", "b=2")
	h.Set("content-TYPE", "text/plain")
	if h.Get("CONTENT-type") != "text/plain" || !slices.Equal(h.Values("Set-Cookie"), []string{"a=1", "b=2"}) {
		t.Errorf("%q", h.lines)
	}
	h.Del("Set-Cookie")
	for name, value := range h.All() {
		if name != "content-type" || value != "text/plain" {
			t.Errorf("%s: %s", name, value)
		}
	}
}
