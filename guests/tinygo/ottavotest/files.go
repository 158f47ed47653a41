//go:build !wasm

package ottavotest

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
)

type files struct {
	mutex  sync.Mutex
	items  map[address]stored
	writes uint64
}

type stored struct {
	info file.Info
	data []byte
}

// Open is part of file.Host.
func (f *files) Open(store, name string, offset uint64, length *uint64) (file.Source, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	found, exists := f.items[address{store, name}]
	if !exists {
		return nil, nil
	}
	begin := min(offset, uint64(len(found.data)))
	rest := found.data[begin:]
	if length != nil {
		rest = rest[:min(*length, uint64(len(rest)))]
	}
	return &source{found.info, rest}, nil
}

// Create is part of file.Host.
func (f *files) Create(store string, new file.NewFile) (file.Sink, error) {
	return &sink{files: f, at: address{store, new.Name}, new: new}, nil
}

// Stat is part of file.Host.
func (f *files) Stat(store, name string) (file.Info, bool, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	found, exists := f.items[address{store, name}]
	return found.info, exists, nil
}

// Delete is part of file.Host.
func (f *files) Delete(store, name string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.items, address{store, name})
	return nil
}

// List is part of file.Host.
func (f *files) List(store, prefix, cursor string, limit uint32) (file.Page, error) {
	if limit < 1 || limit > 1000 {
		return file.Page{}, ottavo.Errorf(ottavo.ErrInvalidArgument,
			"the limit of a page is `%d`: use 1 to 1000", limit)
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var page []file.Info
	for at, found := range f.items {
		if at.store == store && strings.HasPrefix(at.key, prefix) && at.key > cursor {
			page = append(page, found.info)
		}
	}
	slices.SortFunc(page, func(a, b file.Info) int { return strings.Compare(a.Name, b.Name) })
	if uint32(len(page)) <= limit {
		return file.Page{Files: page}, nil
	}
	return file.Page{Files: page[:limit], Next: page[limit-1].Name}, nil
}

type source struct {
	info file.Info
	rest []byte
}

func (s *source) Info() file.Info { return s.info }
func (s *source) Drop()           {}

func (s *source) Read(max uint32) ([]byte, error) {
	chunk := s.rest[:min(uint64(max), uint64(len(s.rest)))]
	s.rest = s.rest[len(chunk):]
	return slices.Clone(chunk), nil
}

type sink struct {
	files *files
	at    address
	new   file.NewFile
	data  []byte
}

func (s *sink) Drop() {}

func (s *sink) Write(data []byte) error {
	s.data = append(s.data, data...)
	return nil
}

func (s *sink) Finish() (file.Info, error) {
	s.files.mutex.Lock()
	defer s.files.mutex.Unlock()
	before, exists := s.files.items[s.at]
	if !s.new.Precondition.Holds(exists, before.info.Etag) {
		return file.Info{}, ottavo.Errorf(ottavo.ErrConflict,
			"the precondition on file `%s` does not hold", s.new.Name)
	}
	s.files.writes++
	info := file.Info{
		Name:         s.new.Name,
		Size:         uint64(len(s.data)),
		ContentType:  s.new.ContentType,
		LastModified: time.Now().UTC().Format(time.RFC3339),
		Etag:         strconv.FormatUint(s.files.writes, 10),
		Metadata:     s.new.Metadata,
	}
	s.files.items[s.at] = stored{info, s.data}
	return info, nil
}
