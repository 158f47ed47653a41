//go:build !wasm

package ottavotest

import (
	"testing"

	"ottavo.dev/ottavo/httpclient"
	"ottavo.dev/ottavo/invoke"
)

// Outside answers what a test's functions send with package httpclient, until the test ends.
func Outside(t testing.TB, answer httpclient.Host) {
	t.Helper()
	before := httpclient.SetHost(answer)
	t.Cleanup(func() { httpclient.SetHost(before) })
}

// Targets answers what a test's functions call with package invoke, until the test ends.
func Targets(t testing.TB, answer invoke.Host) {
	t.Helper()
	before := invoke.SetHost(answer)
	t.Cleanup(func() { invoke.SetHost(before) })
}
