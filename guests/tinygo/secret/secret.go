// Package secret reads passwords, tokens and keys from named stores.
//
//	vault := secret.Open("vault")
//	token, found, err := vault.Get("token")
//	if err != nil {
//		return err
//	}
//	if !found {
//		return ottavo.Errorf(ottavo.ErrNotFound, "no secret `token`")
//	}
//	text, err := token.Text()
//	...
//	// what stands under one name
//	db, found, err := vault.Get("db")
//	user, password := db.Value("user"), db.Value("password")
//
// A missing secret is no error.
package secret

import (
	"strings"
	"unicode/utf8"

	"ottavo.dev/ottavo"
)

// A Store is one named store. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Secret is what stands under one name: a value, or several by their names. Printed, it shows none.
type Secret struct {
	// Version is "" in a store that keeps one version of everything.
	Version string
	values  []Value
}

// A Value is one value with its name. Printed, it shows its name.
type Value struct {
	Name string
	Data []byte
}

// A Named is a secret of All.
type Named struct {
	Name   string
	Secret Secret
}

// New is a secret with these values, for a Host that answers in tests.
func New(version string, values ...Value) Secret { return Secret{version, values} }

// Get reads the newest secret of a name; found is false when it is missing.
func (s Store) Get(name string) (secret Secret, found bool, err error) {
	return get(s.name, name, "")
}

// GetVersion reads it in a version. A store that keeps one of everything refuses: ottavo.ErrUnsupported.
func (s Store) GetVersion(name, version string) (secret Secret, found bool, err error) {
	return get(s.name, name, version)
}

// All reads every secret that the manifest asks for, by name, each with its one value.
func (s Store) All() ([]Named, error) { return getBulk(s.name) }

// Bytes is the value of a secret that is one; ottavo.ErrFailedPrecondition when others stand under
// the name.
func (s Secret) Bytes() ([]byte, error) {
	if len(s.values) == 1 {
		return s.values[0].Data, nil
	}
	return nil, ottavo.Errorf(ottavo.ErrFailedPrecondition, "the secret has several values: %s", s.names())
}

// Text is the same as text; ottavo.ErrDataLoss when it is not UTF-8.
func (s Secret) Text() (string, error) {
	data, err := s.Bytes()
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) {
		return "", ottavo.Errorf(ottavo.ErrDataLoss, "reading the secret as text: it is not UTF-8")
	}
	return string(data), nil
}

// Value is one of several values, "password" of what stands under "db"; nil when it is missing.
func (s Secret) Value(name string) []byte {
	for _, value := range s.values {
		if value.Name == name {
			return value.Data
		}
	}
	return nil
}

// Values are all of them.
func (s Secret) Values() []Value { return s.values }

func (s Secret) names() string {
	names := make([]string, len(s.values))
	for i, value := range s.values {
		names[i] = value.Name
	}
	return strings.Join(names, ", ")
}

// String has the names, not the values.
func (s Secret) String() string { return "secret(" + s.names() + ")" }

// GoString has the names, not the values.
func (s Secret) GoString() string { return s.String() }

// String has the name, not the value.
func (v Value) String() string { return "secret(" + v.Name + ")" }

// GoString has the name, not the value.
func (v Value) GoString() string { return v.String() }
