//go:build !wasm

package secret_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ottavo.dev/ottavo"
	"ottavo.dev/ottavo/secret"
)

type vault map[string]secret.Secret

func (v vault) Get(store, name, version string) (secret.Secret, bool, error) {
	found, is := v[store+":"+name+version]
	return found, is, nil
}

func (v vault) GetBulk(store string) ([]secret.Named, error) { return nil, nil }

func TestASecretIsReadAndDoesNotShow(t *testing.T) {
	token := secret.New("", secret.Value{Name: "token", Data: []byte("hunter2")})
	db := secret.New("", secret.Value{Name: "user", Data: []byte("app")}, secret.Value{Name: "password", Data: []byte{0xff}})
	before := secret.SetHost(vault{"vault:token": token, "vault:db": db})
	defer secret.SetHost(before)

	read, found, err := secret.Open("vault").Get("token")
	if text, _ := read.Text(); err != nil || !found || text != "hunter2" {
		t.Fatalf("%v %v %v", text, found, err)
	}
	if _, found, _ := secret.Open("vault").Get("nothing"); found {
		t.Fatal("a missing secret was found")
	}
	read, _, _ = secret.Open("vault").Get("db")
	if _, err := read.Bytes(); !errors.Is(err, ottavo.ErrFailedPrecondition) {
		t.Fatalf("several values are one: %v", err)
	}
	if string(read.Value("user")) != "app" || read.Value("none") != nil {
		t.Fatal("one of several values")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		shown := fmt.Sprintf(verb, token) + fmt.Sprintf(verb, token.Values())
		if strings.Contains(shown, "hunter2") || strings.Contains(shown, "104") {
			t.Errorf("%s shows the secret: %s", verb, shown)
		}
	}
}
