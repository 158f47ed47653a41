package types

// A Tuple2 is two values.
type Tuple2[A, B any] struct {
	F0 A
	F1 B
}

// Unit is what has no value.
type Unit struct{}
