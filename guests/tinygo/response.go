package ottavo

import "unicode/utf8"

// A ResponseWriter takes the answer. It is sent when the handler returns, so the order of calls does
// not matter; it is dropped when the handler returns an error.
type ResponseWriter interface {
	// Header is what will be sent; without a Content-Type, text is sent as text/plain, and anything
	// else as application/octet-stream.
	Header() *Header
	// WriteHeader sets the status; without it, it is 200.
	WriteHeader(status int)
	// Write adds to the body. It never fails.
	Write(data []byte) (int, error)
	// WriteString adds to the body.
	WriteString(text string) (int, error)
}

// A Recorder is a ResponseWriter that keeps the answer, to test a handler with.
type Recorder struct {
	// Code is the status.
	Code int
	Body []byte

	header Header
}

// NewRecorder is the answer that nothing was written to: 200 without a body.
func NewRecorder() *Recorder { return &Recorder{Code: StatusOK} }

// Header is the header.
func (r *Recorder) Header() *Header { return &r.header }

// WriteHeader sets the status.
func (r *Recorder) WriteHeader(status int) { r.Code = status }

// Write adds to the body.
func (r *Recorder) Write(data []byte) (int, error) {
	r.reserve(len(data))
	r.Body = append(r.Body, data...)
	return len(data), nil
}

// WriteString adds to the body.
func (r *Recorder) WriteString(text string) (int, error) {
	r.reserve(len(text))
	r.Body = append(r.Body, text...)
	return len(text), nil
}

// reserve makes room for so many bytes more. A body that is written at once takes its size and no
// more: TinyGo's append would take the next power of two, which for a body of 1 MiB is two.
func (r *Recorder) reserve(more int) {
	size := len(r.Body) + more
	if cap(r.Body) >= size {
		return
	}
	if len(r.Body) > 0 {
		size = max(size, 2*cap(r.Body))
	}
	grown := make([]byte, len(r.Body), size)
	copy(grown, r.Body)
	r.Body = grown
}

// finish says what the body is when the handler did not.
func (r *Recorder) finish() {
	if len(r.Body) == 0 || r.header.Get("content-type") != "" {
		return
	}
	if isText(r.Body) {
		r.header.Set("content-type", "text/plain; charset=utf-8")
	} else {
		r.header.Set("content-type", "application/octet-stream")
	}
}

// isText looks at the beginning, like browsers and net/http do.
func isText(body []byte) bool {
	const beginning = 512
	cut := len(body) > beginning
	body = body[:min(len(body), beginning)]
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			return cut && !utf8.FullRune(body)
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != '\f' && r != 0x1b {
			return false
		}
		body = body[size:]
	}
	return true
}
