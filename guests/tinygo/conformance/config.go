package main

import "ottavo.dev/ottavo/config"

// callConfig reads the parameters of an operation on configuration, makes the call, and encodes its
// outcome.
func callConfig(operation string, d *decoder, e *encoder) {
	switch operation {
	case "get":
		store, scope, keys := config.Open(d.string()), configScope(d), list(d, (*decoder).string)
		if d.end() {
			items, err := store.GetMany(scope, keys...)
			e.result(err, func() {
				e.count(len(items))
				for _, item := range items {
					e.configItem(item)
				}
			})
		}
	case "save":
		store, appID, items := config.Open(d.string()), d.string(), list(d, configItem)
		if d.end() {
			e.result(store.Save(appID, items...), e.nothing)
		}
	case "delete":
		store, scope, keys := config.Open(d.string()), configScope(d), list(d, (*decoder).string)
		if d.end() {
			e.result(store.Delete(scope, keys...), e.nothing)
		}
	default:
		d.unknown("config." + operation)
	}
}

func configScope(d *decoder) config.Scope {
	return config.Scope{AppID: d.string(), Group: d.string(), Label: d.string()}
}

func configItem(d *decoder) config.Item {
	return config.Item{
		Key:      d.string(),
		Value:    d.string(),
		Version:  d.string(),
		Group:    d.string(),
		Label:    d.string(),
		Tags:     list(d, configPair),
		Metadata: list(d, configPair),
	}
}

func configPair(d *decoder) config.Pair { return config.Pair{Name: d.string(), Value: d.string()} }

func (e *encoder) configItem(item config.Item) {
	for _, text := range []string{item.Key, item.Value, item.Version, item.Group, item.Label} {
		e.string(text)
	}
	for _, pairs := range [][]config.Pair{item.Tags, item.Metadata} {
		e.count(len(pairs))
		for _, pair := range pairs {
			e.string(pair.Name)
			e.string(pair.Value)
		}
	}
}
