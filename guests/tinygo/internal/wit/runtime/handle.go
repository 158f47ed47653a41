package runtime

// A Handle is a resource of the host, by its number; 0 once it was given away or dropped.
type Handle struct{ number int32 }

// MakeHandle is the handle of a number that came from the host.
func MakeHandle(number int32) *Handle { return &Handle{number} }

// Use is the number, for a call.
func (h *Handle) Use() int32 {
	if h.number == 0 {
		panic("ottavo: a resource was used after it was given away or dropped")
	}
	return h.number
}

// Take is the number, which the handle gives away.
func (h *Handle) Take() int32 {
	number := h.Use()
	h.number = 0
	return number
}

// TakeOrNil is the same, or 0 when it was given away before.
func (h *Handle) TakeOrNil() int32 {
	number := h.number
	h.number = 0
	return number
}

// Set gives the handle a number.
func (h *Handle) Set(number int32) { h.number = number }

// AddCleanup does nothing: the collector drops no resource, its owner does, and at the latest the host
// at the end of the call. The generated code asks for it.
func AddCleanup[T any](*T, func(int), int) {}
