//go:build scheduler.none

package main

import "ottavo.dev/ottavo"

// What needs goroutines is refused where TinyGo builds without a scheduler.
var errNoGoroutines = ottavo.Errorf(ottavo.ErrUnsupported, "this program was built without goroutines")

func together(ottavo.ResponseWriter, []byte) error { return errNoGoroutines }

func leave(ottavo.ResponseWriter) error { return errNoGoroutines }

func timeouts(ottavo.ResponseWriter) error { return errNoGoroutines }

func wait() { panic(errNoGoroutines) }
