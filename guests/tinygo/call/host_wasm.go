package call

import wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_context"

func requestID() string                  { return wit.RequestId() }
func remaining() uint64                  { return wit.Remaining() }
func caller() (string, bool)             { return wit.Caller().Get() }
func remote() (string, bool)             { return wit.Remote().Get() }
func get(name string) (string, bool)     { return wit.Get(name).Get() }
func setting(name string) (string, bool) { return wit.Setting(name).Get() }
