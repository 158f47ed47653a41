package ottavo

import (
	"bytes"
	"testing"
)

func TestABodyWrittenAtOnceTakesItsSize(t *testing.T) {
	w := NewRecorder()
	w.Write(make([]byte, 1<<20))
	if cap(w.Body) != 1<<20 {
		t.Errorf("a body of 1 MiB takes %d bytes", cap(w.Body))
	}
}

func TestABodyInPiecesGrowsRarely(t *testing.T) {
	w := NewRecorder()
	var whole []byte
	grown := 0
	for i := range 10_000 {
		piece := []byte{byte(i), byte(i >> 8), 7}
		before := cap(w.Body)
		w.Write(piece)
		w.WriteString("x")
		whole = append(append(whole, piece...), 'x')
		if cap(w.Body) != before {
			grown++
		}
	}
	if !bytes.Equal(w.Body, whole) {
		t.Error("another body")
	}
	if grown > 20 {
		t.Errorf("it grew %d times for 40,000 bytes", grown)
	}
}
