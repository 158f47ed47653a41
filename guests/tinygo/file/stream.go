package file

import (
	"io"

	"ottavo.dev/ottavo"
)

// A Source is what a Reader reads from: a file that the host holds open.
type Source interface {
	Info() Info
	// Read gives at least one byte and at most max, and none at the end.
	Read(max uint32) ([]byte, error)
	Drop()
}

// A Sink is what a Writer writes to: a file that the host keeps to itself until it is finished.
type Sink interface {
	Write(data []byte) error
	Finish() (Info, error)
	Drop()
}

// A Reader reads one version of a file. It is an io.ReadCloser; each read asks the host, so that small
// ones belong in a bufio.Reader. What is not closed is closed with the call.
type Reader struct{ from Source }

// Info is of the whole file.
func (r *Reader) Info() Info { return r.from.Info() }

// Read is part of io.Reader.
func (r *Reader) Read(buffer []byte) (int, error) {
	if len(buffer) == 0 {
		return 0, nil
	}
	if r.from == nil {
		return 0, over("reader")
	}
	data, err := r.from.Read(uint32(min(len(buffer), MaxChunk)))
	if err != nil {
		return 0, err
	}
	if len(data) == 0 {
		return 0, io.EOF
	}
	return copy(buffer, data), nil
}

// Close gives back what the host holds. It does not fail.
func (r *Reader) Close() error {
	if r.from != nil {
		r.from.Drop()
		r.from = nil
	}
	return nil
}

// A Writer writes a whole file, which nobody sees before Finish. It is an io.WriteCloser; each write
// asks the host, so that small ones belong in a bufio.Writer.
type Writer struct{ to Sink }

// Write is part of io.Writer. After an error there is nothing to be done but Close.
func (w *Writer) Write(data []byte) (int, error) {
	if w.to == nil {
		return 0, over("writer")
	}
	written := 0
	for written < len(data) {
		chunk := data[written:min(len(data), written+MaxChunk)]
		if err := w.to.Write(chunk); err != nil {
			return written, err
		}
		written += len(chunk)
	}
	return written, nil
}

// Finish makes the file visible, all of it at once.
func (w *Writer) Finish() (Info, error) {
	if w.to == nil {
		return Info{}, over("writer")
	}
	info, err := w.to.Finish()
	w.Close()
	return info, err
}

// Close leaves nothing behind, unless the file is finished: then it does nothing. It does not fail.
func (w *Writer) Close() error {
	if w.to != nil {
		w.to.Drop()
		w.to = nil
	}
	return nil
}

func over(what string) error {
	return ottavo.Errorf(ottavo.ErrFailedPrecondition, "the %s is closed", what)
}
