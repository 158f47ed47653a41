package runtime

import "testing"

// memory is what an arena may grow into.
type memory struct{ from, end uintptr }

func (m *memory) grow(size uintptr) uintptr {
	if m.end-m.from < size {
		return 0
	}
	base := m.from
	m.from += size
	return base
}

func newArena(size uintptr) (*arena, *memory) {
	m := &memory{from: 4096 + 1, end: 4097 + size} // nothing is aligned by luck
	return &arena{grow: m.grow, holders: 1}, m
}

func TestBlocksAreAlignedAndApart(t *testing.T) {
	a, _ := newArena(64 << 20)
	var end uintptr
	for i := range uintptr(10_000) {
		size, align := i*7919%3000, uintptr(1)<<(i%4)
		p := a.alloc(size, align)
		if p == 0 || p%align != 0 || p < end {
			t.Fatalf("block %d: %d bytes at %d, aligned to %d, after %d", i, size, p, align, end)
		}
		end = p + size
	}
}

func TestWhatIsFreeIsUsedAgain(t *testing.T) {
	a, m := newArena(64 << 20)
	round := func(i uintptr) {
		for _, size := range []uintptr{40, 1 << 20, 16, i * 7919 % (1 << 20), 0, 1} {
			if a.alloc(size, 4) == 0 {
				t.Fatalf("round %d: no %d bytes", i, size)
			}
		}
		a.release() // the arguments are lifted
		a.hold()    // and those of the next call may come
	}
	for i := range uintptr(100) {
		round(i)
	}
	taken := m.from
	for i := range uintptr(10_000) {
		round(i)
	}
	if m.from != taken {
		t.Errorf("it grew by %d bytes after 100 rounds", m.from-taken)
	}
}

func TestNothingIsUsedAgainWhileSomebodyHoldsIt(t *testing.T) {
	a, _ := newArena(1 << 20)
	arguments := a.alloc(100, 8)
	a.hold() // an import of a goroutine that is left from the call before
	results := a.alloc(100, 8)
	a.release()
	if p := a.alloc(100, 8); p == arguments || p == results {
		t.Error("arguments that are not lifted yet were overwritten")
	}
	a.release()
	if a.alloc(100, 8) != arguments {
		t.Error("what is lifted was not free")
	}
}

func TestMemoryCanEnd(t *testing.T) {
	a, _ := newArena(1 << 20)
	if p := a.alloc(2<<20, 8); p != 0 {
		t.Errorf("2 MiB of 1 MiB: %d", p)
	}
	if a.alloc(1<<19, 8) == 0 {
		t.Error("a smaller block has room")
	}
}
