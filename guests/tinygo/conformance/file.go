package main

import (
	"io"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/file"
)

// callFile reads the parameters of an operation on files, makes the calls, and encodes their outcome.
func callFile(operation string, d *decoder, e *encoder) {
	call, known := fileCalls[operation]
	if !known {
		d.unknown("file." + operation)
		return
	}
	call(d, e, file.Open(d.string()))
}

var fileCalls = map[string]func(*decoder, *encoder, file.Store){
	"read": func(d *decoder, e *encoder, store file.Store) {
		name, offset := d.string(), d.u64()
		limited := d.index("option", 2) == 1
		length := uint64(0)
		if limited {
			length = d.u64()
		}
		size := d.u32()
		if d.end() {
			info, data, found, err := readFile(store, name, offset, length, limited, size)
			e.result(err, func() {
				e.bool(found)
				if found {
					e.info(info)
					e.data(data)
				}
			})
		}
	},
	"write": func(d *decoder, e *encoder, store file.Store) {
		name, how := d.string(), fileOptions(d)
		chunks := list(d, (*decoder).bytes)
		finish := d.u8() != 0
		if d.end() {
			info, err := writeFile(store, name, how, chunks, finish)
			e.result(err, func() {
				e.bool(finish)
				if finish {
					e.info(info)
				}
			})
		}
	},
	"copy": func(d *decoder, e *encoder, store file.Store) {
		from, to, size := d.string(), d.string(), d.u32()
		if d.end() {
			copied, err := copyFile(store, from, to, size)
			e.result(err, func() { e.s64(int64(copied)) })
		}
	},
	"stat": func(d *decoder, e *encoder, store file.Store) {
		name := d.string()
		if d.end() {
			info, found, err := store.Stat(name)
			e.result(err, func() {
				e.bool(found)
				if found {
					e.info(info)
				}
			})
		}
	},
	"delete": func(d *decoder, e *encoder, store file.Store) {
		name := d.string()
		if d.end() {
			e.result(store.Delete(name), e.nothing)
		}
	},
	"list": func(d *decoder, e *encoder, store file.Store) {
		prefix, cursor, limited := d.string(), d.optionString(), d.u32()
		if d.end() {
			page, err := store.Page(prefix, cursor, int(limited))
			e.result(err, func() {
				e.count(len(page.Files))
				for _, info := range page.Files {
					e.info(info)
				}
				e.optionString(page.Next)
			})
		}
	},
}

func readFile(
	store file.Store, name string, offset, length uint64, limited bool, size uint32,
) (info file.Info, data []byte, found bool, err error) {
	var r *file.Reader
	if limited {
		r, found, err = store.ReaderAt(name, offset, length)
	} else {
		r, found, err = store.ReaderFrom(name, offset)
	}
	if err != nil || !found {
		return info, nil, false, err
	}
	defer r.Close()
	buffer := make([]byte, size)
	for {
		n, err := r.Read(buffer)
		data = append(data, buffer[:n]...)
		if err == io.EOF {
			return r.Info(), data, true, nil
		}
		if err != nil {
			return info, nil, false, err
		}
	}
}

func writeFile(
	store file.Store, name string, how []file.Option, chunks [][]byte, finish bool,
) (file.Info, error) {
	w, err := store.Writer(name, how...)
	if err != nil {
		return file.Info{}, err
	}
	defer w.Close()
	for _, chunk := range chunks {
		if _, err := w.Write(chunk); err != nil {
			return file.Info{}, err
		}
	}
	if !finish {
		return file.Info{}, nil
	}
	return w.Finish()
}

// copyFile copies as streams, with a chunk in memory.
func copyFile(store file.Store, from, to string, size uint32) (uint64, error) {
	r, found, err := store.Reader(from)
	if err == nil && !found {
		err = ottavo.Errorf(ottavo.ErrNotFound, "no file `%s`", from)
	}
	if err != nil {
		return 0, err
	}
	defer r.Close()
	w, err := store.Writer(to)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	if _, err := io.CopyBuffer(w, r, make([]byte, size)); err != nil {
		return 0, err
	}
	info, err := w.Finish()
	return info.Size, err
}

func fileOptions(d *decoder) []file.Option {
	var how []file.Option
	if d.index("option", 2) == 1 {
		how = append(how, file.ContentType(d.string()))
	}
	switch d.index("precondition", 3) {
	case 1:
		how = append(how, file.IfAbsent())
	case 2:
		how = append(how, file.IfMatch(d.string()))
	}
	for _, pair := range list(d, option) {
		how = append(how, file.Metadata(pair.Name, pair.Value))
	}
	return how
}

func (e *encoder) info(info file.Info) {
	e.string(info.Name)
	e.s64(int64(info.Size))
	e.optionString(info.ContentType)
	e.optionString(info.LastModified)
	e.optionString(info.Etag)
	e.count(len(info.Metadata))
	for _, pair := range info.Metadata {
		e.string(pair.Name)
		e.string(pair.Value)
	}
}
