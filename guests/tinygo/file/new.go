package file

import "ottavo.dev/ottavo/state"

// A NewFile is a file to be written, with what is said of it.
type NewFile struct {
	Name string
	// ContentType is "" without one.
	ContentType string
	Metadata    []Pair
	// Precondition says when to write it; the zero one is always.
	Precondition state.Precondition
}

// An Option says how to write a file.
type Option func(*NewFile)

// ContentType says what the file holds, such as text/plain.
func ContentType(contentType string) Option {
	return func(file *NewFile) { file.ContentType = contentType }
}

// Metadata travels with the file.
func Metadata(name, value string) Option {
	return func(file *NewFile) { file.Metadata = append(file.Metadata, Pair{name, value}) }
}

// IfAbsent: only when the file is missing; else the error is ottavo.ErrConflict.
func IfAbsent() Option { return func(file *NewFile) { file.Precondition = state.IfAbsent() } }

// IfMatch: only while the etag is this one; else the error is ottavo.ErrConflict.
func IfMatch(etag string) Option {
	return func(file *NewFile) { file.Precondition = state.IfMatch(etag) }
}
