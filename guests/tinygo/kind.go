package ottavo

// A Kind says what went wrong, as a caller can act on it. Each has one HTTP status.
//
// A kind is an error: what [errors.Is] looks for, and all that a handler needs to return when there
// is nothing to add.
type Kind uint8

// The kinds, in the order of the WIT package.
const (
	// ErrInvalidArgument: the caller's input is wrong; repeating it cannot help. 400.
	ErrInvalidArgument Kind = iota
	// ErrUnauthenticated: the caller did not say who they are. 401.
	ErrUnauthenticated
	// ErrDenied: the caller may not do this; of a service, the function holds no grant for it. 403.
	ErrDenied
	// ErrNotFound: what was named does not exist. A missing value in a store is not an error. 404.
	ErrNotFound
	// ErrAlreadyExists: it exists and should not. 409.
	ErrAlreadyExists
	// ErrConflict: a stale etag, or a concurrent write. 409.
	ErrConflict
	// ErrFailedPrecondition: not in this state or configuration. 412.
	ErrFailedPrecondition
	// ErrTooLarge: a body, value or message over its limit. 413.
	ErrTooLarge
	// ErrExhausted: a limit or quota is used up; later may help. 429.
	ErrExhausted
	// ErrUnsupported: it cannot be done here, such as with this store's driver. 501.
	ErrUnsupported
	// ErrTimeout: the deadline passed; whether it took effect is unknown. 504.
	ErrTimeout
	// ErrCancelled: the caller went away. 499.
	ErrCancelled
	// ErrUnavailable: something needed is down. 503.
	ErrUnavailable
	// ErrDataLoss: stored data cannot be read. 500.
	ErrDataLoss
	// ErrInternal: a fault of the function or of the host. 500.
	ErrInternal
	// ErrOther: a kind that this package does not know; treat it as ErrInternal.
	ErrOther
)

var kindNames = [...]string{
	"invalid-argument", "unauthenticated", "denied", "not-found", "already-exists", "conflict",
	"failed-precondition", "too-large", "exhausted", "unsupported", "timeout", "cancelled",
	"unavailable", "data-loss", "internal", "other",
}

// ParseKind finds a kind by its name.
func ParseKind(name string) (Kind, bool) {
	for i, known := range kindNames {
		if known == name {
			return Kind(i), true
		}
	}
	return ErrOther, false
}

// String is the name in WIT and in JSON answers: invalid-argument.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "other"
}

// Error is the name, too.
func (k Kind) Error() string { return k.String() }

// Retryable says whether repeating a call later may succeed, unless the error itself says otherwise.
func (k Kind) Retryable() bool { return k == ErrExhausted || k == ErrUnavailable }
