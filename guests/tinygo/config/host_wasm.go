package config

import (
	wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_config"
	"ottavo.dev/ottavo/internal/lift"
	"ottavo.dev/ottavo/internal/pairs"
)

func get(store string, scope Scope, keys []string) ([]Item, error) {
	found, err := lift.Outcome(wit.Get(store, lower(scope), keys))
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(found))
	for i, item := range found {
		items[i] = Item{
			Key:      item.Key,
			Value:    item.Value,
			Version:  item.Version,
			Group:    item.Group,
			Label:    item.Label,
			Tags:     pairs.Lift[Pair](item.Tags),
			Metadata: pairs.Lift[Pair](item.Metadata),
		}
	}
	return items, nil
}

func save(store, appID string, items []Item) error {
	lowered := make([]wit.Item, len(items))
	for i, item := range items {
		lowered[i] = wit.Item{
			Key:      item.Key,
			Value:    item.Value,
			Version:  item.Version,
			Group:    item.Group,
			Label:    item.Label,
			Tags:     pairs.Lower(item.Tags),
			Metadata: pairs.Lower(item.Metadata),
		}
	}
	_, err := lift.Outcome(wit.Save(store, appID, lowered))
	return err
}

func remove(store string, scope Scope, keys []string) error {
	_, err := lift.Outcome(wit.Delete(store, lower(scope), keys))
	return err
}

func lower(scope Scope) wit.Scope {
	return wit.Scope{AppId: scope.AppID, Group: scope.Group, Label: scope.Label}
}
