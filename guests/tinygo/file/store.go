// Package file keeps files and objects in named stores, streamed both ways.
//
//	store := file.Open("default")
//	_, err := store.Write("receipts/1.txt", []byte("paid"))
//	receipt, found, err := store.Read("receipts/1.txt")
//
//	// as streams: no more than a chunk is in memory
//	w, err := store.Writer("report.csv", file.ContentType("text/csv"), file.IfAbsent())
//	if err != nil {
//		return err
//	}
//	defer w.Close() // leaves nothing behind unless it is finished
//	fmt.Fprintln(w, "book,count")
//	_, err = w.Finish() // until here nobody sees any of it
//
//	r, found, err := store.Reader("report.csv")
//	...
//	defer r.Close()
//	_, err = io.Copy(out, r)
//
//	for info, err := range store.Files("receipts/") {
//		...
//	}
package file

import (
	"io"
	"iter"
)

// MaxChunk is the most that is read or written at once, in bytes.
const MaxChunk = 1 << 20

// A Store is one named store of files. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Pair is some metadata: a name of a-z, 0-9, - and _, and a value that can stand in a header.
type Pair struct{ Name, Value string }

// Info is what is known of a file.
type Info struct {
	Name string
	// Size in bytes.
	Size uint64
	// ContentType as it was given, "" without; may be left out of a list.
	ContentType string
	// LastModified in RFC 3339, "" when the store does not know.
	LastModified string
	// Etag changes with every write, and is only compared.
	Etag string
	// Metadata as it was given; may be left out of a list.
	Metadata []Pair
}

// Read reads a whole file; found is false when it is missing.
func (s Store) Read(name string) (data []byte, found bool, err error) {
	r, found, err := s.Reader(name)
	if err != nil || !found {
		return nil, false, err
	}
	defer r.Close()
	data, err = io.ReadAll(r)
	return data, err == nil, err
}

// Write writes a whole file: in place of one that is there, unless an option says otherwise.
func (s Store) Write(name string, data []byte, how ...Option) (Info, error) {
	w, err := s.Writer(name, how...)
	if err != nil {
		return Info{}, err
	}
	defer w.Close()
	if _, err := w.Write(data); err != nil {
		return Info{}, err
	}
	return w.Finish()
}

// Reader reads a file as a stream; found is false when it is missing.
func (s Store) Reader(name string) (r *Reader, found bool, err error) {
	return s.open(name, 0, nil)
}

// ReaderAt reads so many bytes of a file from offset on, and nothing else.
func (s Store) ReaderAt(name string, offset, length uint64) (r *Reader, found bool, err error) {
	return s.open(name, offset, &length)
}

// ReaderFrom reads a file from offset to its end.
func (s Store) ReaderFrom(name string, offset uint64) (r *Reader, found bool, err error) {
	return s.open(name, offset, nil)
}

func (s Store) open(name string, offset uint64, length *uint64) (*Reader, bool, error) {
	from, err := openFile(s.name, name, offset, length)
	if err != nil || from == nil {
		return nil, false, err
	}
	return &Reader{from: from}, true, nil
}

// Writer writes a file as a stream, to be finished.
func (s Store) Writer(name string, how ...Option) (*Writer, error) {
	file := NewFile{Name: name}
	for _, option := range how {
		option(&file)
	}
	to, err := create(s.name, file)
	if err != nil {
		return nil, err
	}
	return &Writer{to: to}, nil
}

// Stat tells what is known of a file; found is false when it is missing.
func (s Store) Stat(name string) (info Info, found bool, err error) { return stat(s.name, name) }

// Delete removes a file. A missing one is fine.
func (s Store) Delete(name string) error { return remove(s.name, name) }

// A Page is some of the files that were asked for. It may be empty and still have a next one.
type Page struct {
	// Files in the order of their names.
	Files []Info
	// Next is the cursor of the next page, "" after the last.
	Next string
}

// Page lists files whose names begin with prefix, at most limit (1 to 1000). The cursor is "" for the
// first page, else Next of the page before.
func (s Store) Page(prefix, cursor string, limit int) (Page, error) {
	return list(s.name, prefix, cursor, uint32(max(0, min(limit, 1<<31-1))))
}

// Files is every file whose name begins with prefix, fetched page by page as the loop goes on. It ends
// after an error.
func (s Store) Files(prefix string) iter.Seq2[Info, error] {
	const limit = 256
	return func(yield func(Info, error) bool) {
		for cursor := ""; ; {
			page, err := s.Page(prefix, cursor, limit)
			if err != nil {
				yield(Info{}, err)
				return
			}
			for _, info := range page.Files {
				if !yield(info, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}
