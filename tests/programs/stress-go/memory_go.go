//go:build !tinygo

package main

import (
	"runtime"
	"strconv"
)

// collections is how many garbage collections there were.
func collections() string {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return strconv.Itoa(int(stats.NumGC))
}
