package ottavo

// A Handler answers one request. An error becomes the HTTP status of its [Kind], and whatever was
// written to w is dropped; an error without a kind is ErrInternal.
type Handler func(w ResponseWriter, r *Request) error

var handler Handler

// HandleHTTP makes h answer the program's requests. Call it once, in an init function.
func HandleHTTP(h Handler) {
	if h == nil {
		panic("ottavo: HandleHTTP needs a handler")
	}
	if handler != nil {
		panic("ottavo: HandleHTTP was called twice: a program has one handler")
	}
	handler = h
}

// answer calls the handler.
func answer(r *Request) (*Recorder, *Error) {
	if handler == nil {
		return nil, &Error{
			Kind:    ErrUnsupported,
			Message: "the program has no handler: call ottavo.HandleHTTP in an init function",
		}
	}
	w := NewRecorder()
	if err := handler(w, r); err != nil {
		return nil, answerable(err)
	}
	if w.Code < 100 || w.Code > 999 {
		return nil, &Error{Kind: ErrInternal, Message: "the handler set a status that is none"}
	}
	w.finish()
	return w, nil
}
