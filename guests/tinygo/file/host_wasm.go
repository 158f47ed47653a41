package file

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_file"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
	"ottavo.dev/ottavo/state"
)

func openFile(store, name string, offset uint64, length *uint64) (Source, error) {
	limit := witTypes.None[uint64]()
	if length != nil {
		limit = witTypes.Some(*length)
	}
	opened, err := lift.Outcome(wit.Open(store, name, offset, limit))
	reader, some := opened.Get()
	if err != nil || !some {
		return nil, err
	}
	return source{reader}, nil
}

func create(store string, file NewFile) (Sink, error) {
	contentType := witTypes.None[string]()
	if file.ContentType != "" {
		contentType = witTypes.Some(file.ContentType)
	}
	precondition := state.LowerPrecondition(file.Precondition)
	metadata := pairs.Lower(file.Metadata)
	writer, err := lift.Outcome(wit.Create(store, file.Name, contentType, precondition, metadata))
	if err != nil {
		return nil, err
	}
	return sink{writer}, nil
}

func stat(store, name string) (Info, bool, error) {
	known, err := lift.Outcome(wit.Stat(store, name))
	info, some := known.Get()
	return lifted(info), some, err
}

func remove(store, name string) error {
	_, err := lift.Outcome(wit.Delete(store, name))
	return err
}

func list(store, prefix, cursor string, limit uint32) (Page, error) {
	from := witTypes.None[string]()
	if cursor != "" {
		from = witTypes.Some(cursor)
	}
	page, err := lift.Outcome(wit.List(store, prefix, from, limit))
	next, _ := page.Next.Get()
	files := make([]Info, len(page.Files))
	for i, info := range page.Files {
		files[i] = lifted(info)
	}
	return Page{files, next}, err
}

type source struct{ reader *wit.Reader }

func (s source) Info() Info { return lifted(s.reader.Info()) }
func (s source) Drop()      { s.reader.Drop() }

func (s source) Read(max uint32) ([]byte, error) { return lift.Outcome(s.reader.Read(max)) }

type sink struct{ writer *wit.Writer }

func (s sink) Drop() { s.writer.Drop() }

func (s sink) Write(data []byte) error {
	_, err := lift.Outcome(s.writer.Write(data))
	return err
}

func (s sink) Finish() (Info, error) {
	info, err := lift.Outcome(s.writer.Finish())
	return lifted(info), err
}

func lifted(info wit.Info) Info {
	contentType, _ := info.ContentType.Get()
	lastModified, _ := info.LastModified.Get()
	etag, _ := info.Etag.Get()
	return Info{
		Name:         info.Name,
		Size:         info.Size,
		ContentType:  contentType,
		LastModified: lastModified,
		Etag:         etag,
		Metadata:     pairs.Lift[Pair](info.Metadata),
	}
}
