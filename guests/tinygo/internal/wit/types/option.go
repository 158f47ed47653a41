// Package types holds the WIT value types that the generated bindings use.
package types

// The tags of an option in memory.
const (
	OptionNone = uint8(0)
	OptionSome = uint8(1)
)

// An Option is a value or none.
type Option[T any] struct {
	some  bool
	value T
}

// Some is an option with a value.
func Some[T any](value T) Option[T] { return Option[T]{some: true, value: value} }

// None is an option without one.
func None[T any]() Option[T] { return Option[T]{} }

// Tag says which it is.
func (o Option[T]) Tag() uint8 {
	if o.some {
		return OptionSome
	}
	return OptionNone
}

// Some is the value; the tag must be OptionSome.
func (o Option[T]) Some() T {
	if !o.some {
		panic("option is none")
	}
	return o.value
}

// Get is the value, and whether there is one.
func (o Option[T]) Get() (T, bool) { return o.value, o.some }
