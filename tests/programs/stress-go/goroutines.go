//go:build !scheduler.none

package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/state"
)

// together reads and writes from several goroutines, while a ticker ticks, and waits for all.
func together(w ottavo.ResponseWriter, body []byte) error {
	ticker := time.NewTicker(100 * time.Microsecond)
	defer ticker.Stop()
	var group sync.WaitGroup
	errs := make(chan error, 4)
	for i := range cap(errs) {
		group.Add(1)
		go func() {
			defer group.Done()
			key := fmt.Sprintf("together-%d", i)
			mine := append([]byte(key), body...)
			for range 5 {
				_, err := state.Open("default").Set(key, mine)
				if err == nil {
					<-ticker.C
					var value state.Value
					value, _, err = state.Open("default").Get(key)
					if err == nil && !bytes.Equal(value.Data, mine) {
						err = ottavo.Errorf(ottavo.ErrInternal, "`%s` has other bytes", key)
					}
				}
				if err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	group.Wait()
	select {
	case err := <-errs:
		return err
	default:
		_, err := fmt.Fprintf(w, "%d goroutines", cap(errs))
		return err
	}
}

// timeouts lets goroutines wait for different times under one deadline, and counts who was done before it.
func timeouts(w ottavo.ResponseWriter) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	results := make(chan bool)
	for i := range 40 {
		wait := time.Duration(1+i) * time.Millisecond
		if i%2 == 1 {
			wait = time.Hour
		}
		go func() {
			select {
			case <-time.After(wait):
				results <- true
			case <-ctx.Done():
				results <- false
			}
		}()
	}
	done := 0
	for range 40 {
		if <-results {
			done++
		}
	}
	_, err := fmt.Fprintf(w, "%d done", done)
	return err
}

var (
	leftovers int
	ticks     int
)

// leave returns while a goroutine still ticks: it goes on when a later call waits.
func leave(w ottavo.ResponseWriter) error {
	leftovers++
	go func() {
		for {
			time.Sleep(time.Millisecond)
			if _, err := state.Open("default").Increment("ticks", 1); err == nil {
				ticks++
			}
		}
	}()
	time.Sleep(3 * time.Millisecond)
	_, err := fmt.Fprintf(w, "%d left, some ticks: %t", leftovers, ticks > 0)
	return err
}

// wait waits for nobody.
func wait() {
	var mutex sync.Mutex
	mutex.Lock()
	mutex.Lock()
}
