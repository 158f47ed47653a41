package types

// The tags of a result in memory.
const (
	ResultOk  = uint8(0)
	ResultErr = uint8(1)
)

// A Result is a value or an error.
type Result[T, E any] struct {
	failed bool
	ok     T
	err    E
}

// Ok is a result with a value.
func Ok[T, E any](value T) Result[T, E] { return Result[T, E]{ok: value} }

// Err is a result with an error.
func Err[T, E any](err E) Result[T, E] { return Result[T, E]{failed: true, err: err} }

// Tag says which it is.
func (r Result[T, E]) Tag() uint8 {
	if r.failed {
		return ResultErr
	}
	return ResultOk
}

// Ok is the value; the tag must be ResultOk.
func (r Result[T, E]) Ok() T {
	if r.failed {
		panic("result is err")
	}
	return r.ok
}

// Err is the error; the tag must be ResultErr.
func (r Result[T, E]) Err() E {
	if !r.failed {
		panic("result is ok")
	}
	return r.err
}
