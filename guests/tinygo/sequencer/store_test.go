package sequencer_test

import (
	"errors"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/ottavotest"
	"ottavo.dev/ottavo/sequencer"
)

func TestIdsGrow(t *testing.T) {
	ottavotest.Stores(t)
	ids := sequencer.Open("default")
	first, err := ids.Next("a", sequencer.Strong)
	if err != nil || first != 1 {
		t.Fatalf("%d, %v", first, err)
	}
	block, err := ids.NextRange("a", sequencer.Weak, 10)
	if err != nil || block != (sequencer.Range{First: 2, Last: 11}) {
		t.Fatalf("%+v, %v", block, err)
	}
	if other, err := ids.Next("b", sequencer.Weak); err != nil || other != 1 {
		t.Fatalf("%d, %v", other, err)
	}
	for _, size := range []int{-1, 0, 1_000_001} {
		if _, err := ids.NextRange("a", sequencer.Strong, size); !errors.Is(err, ottavo.ErrInvalidArgument) {
			t.Errorf("%d ids: %v", size, err)
		}
	}
}
