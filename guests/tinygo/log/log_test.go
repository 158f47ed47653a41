package log

import (
	"errors"
	"testing"
	"time"
)

func TestValuesAreLoggedAsFmtWritesThem(t *testing.T) {
	for expected, value := range map[string]any{
		"a":      "a",
		"b":      []byte("b"),
		"-1":     -1,
		"2":      uint8(2),
		"3":      int64(3),
		"4":      uint64(4),
		"true":   true,
		"0.5":    0.5,
		"broken": errors.New("broken"),
		"1.5s":   1500 * time.Millisecond,
		"[1 2]":  []int{1, 2},
		"<nil>":  nil,
	} {
		if got := text(value); got != expected {
			t.Errorf("%v: %s", value, got)
		}
	}
}
