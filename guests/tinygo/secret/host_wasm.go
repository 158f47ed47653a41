package secret

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_secret"
	"ottavo.dev/ottavo/internal/lift"
	witTypes "ottavo.dev/ottavo/internal/wit/types"
)

func get(store, name, version string) (Secret, bool, error) {
	wanted := witTypes.None[string]()
	if version != "" {
		wanted = witTypes.Some(version)
	}
	found, err := lift.Outcome(wit.Get(store, name, wanted))
	if err != nil {
		return Secret{}, false, err
	}
	bundle, is := found.Get()
	if !is {
		return Secret{}, false, nil
	}
	return lifted(bundle), true, nil
}

func getBulk(store string) ([]Named, error) {
	all, err := lift.Outcome(wit.GetBulk(store))
	if err != nil {
		return nil, err
	}
	secrets := make([]Named, len(all))
	for i, tuple := range all {
		secrets[i] = Named{tuple.F0, lifted(tuple.F1)}
	}
	return secrets, nil
}

func lifted(bundle wit.Bundle) Secret {
	version, _ := bundle.Version.Get()
	values := make([]Value, len(bundle.Values))
	for i, tuple := range bundle.Values {
		values[i] = Value{tuple.F0, tuple.F1}
	}
	return Secret{version, values}
}
