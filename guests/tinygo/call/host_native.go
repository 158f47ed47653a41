//go:build !wasm

package call

import "os"

// Where there is no host, in tests on the machine's own target, settings are environment variables
// (testing.T.Setenv sets one), there is no deadline, and nothing else is known.

func requestID() string                  { return "no-host" }
func remaining() uint64                  { return 1<<64 - 1 }
func caller() (string, bool)             { return "", false }
func remote() (string, bool)             { return "", false }
func get(string) (string, bool)          { return "", false }
func setting(name string) (string, bool) { return os.LookupEnv(name) }
