// Package config keeps configuration items in named stores.
//
//	store := config.Open("default")
//	shop := config.Scope{AppID: "shop", Group: "checkout"}
//	limit := config.Item{Key: "limit", Value: "5", Group: "checkout"}
//	if err := store.Save("shop", limit); err != nil {
//		return err
//	}
//	item, found, err := store.Get(shop, "limit")
//	items, err := store.All(shop)
//	err = store.Delete(shop, "limit")
//
// An item is one key of one scope. A missing one is no error.
package config

// A Store is one named store. The manifest's [needs] must name it.
type Store struct{ name string }

// Open gives the store of this name. It costs nothing and cannot fail.
func Open(name string) Store { return Store{name} }

// A Scope says where to look. What is "" is "default".
type Scope struct{ AppID, Group, Label string }

// A Pair is a tag, or a piece of metadata.
type Pair struct{ Name, Value string }

// An Item is one configuration item.
type Item struct {
	Key   string
	Value string
	// Version changes with each change; it is only compared, and ignored by Save.
	Version string
	// Group and Label are "default" when they are "".
	Group, Label string
	// Tags are for people and programs that choose among items. A name stands once.
	Tags []Pair
	// Metadata is whatever travels with the item. A name stands once.
	Metadata []Pair
}

// Get reads one item; found is false when it is missing.
func (s Store) Get(scope Scope, key string) (item Item, found bool, err error) {
	items, err := get(s.name, scope, []string{key})
	if err != nil || len(items) == 0 {
		return Item{}, false, err
	}
	return items[0], true, nil
}

// GetMany reads the items of the keys that exist, in the order asked. Without keys it is All.
func (s Store) GetMany(scope Scope, keys ...string) ([]Item, error) { return get(s.name, scope, keys) }

// All reads every item of the scope that the manifest asks for, in the order of their keys.
func (s Store) All(scope Scope) ([]Item, error) { return get(s.name, scope, nil) }

// Save writes items of an app, new or not. Those of one group and label are written together or not
// at all.
func (s Store) Save(appID string, items ...Item) error { return save(s.name, appID, items) }

// Delete deletes keys, all or none; one that is missing is fine. At least one key.
func (s Store) Delete(scope Scope, keys ...string) error { return remove(s.name, scope, keys) }
