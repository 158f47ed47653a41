package ottavo

import wit "ottavo.dev/ottavo/internal/bindings/ottavo_runtime_types"

// Each kind has its place in the WIT enum, or this does not compile.
const (
	_ = -uint(uint8(ErrInvalidArgument) ^ wit.ErrorKindInvalidArgument)
	_ = -uint(uint8(ErrUnauthenticated) ^ wit.ErrorKindUnauthenticated)
	_ = -uint(uint8(ErrDenied) ^ wit.ErrorKindDenied)
	_ = -uint(uint8(ErrNotFound) ^ wit.ErrorKindNotFound)
	_ = -uint(uint8(ErrAlreadyExists) ^ wit.ErrorKindAlreadyExists)
	_ = -uint(uint8(ErrConflict) ^ wit.ErrorKindConflict)
	_ = -uint(uint8(ErrFailedPrecondition) ^ wit.ErrorKindFailedPrecondition)
	_ = -uint(uint8(ErrTooLarge) ^ wit.ErrorKindTooLarge)
	_ = -uint(uint8(ErrExhausted) ^ wit.ErrorKindExhausted)
	_ = -uint(uint8(ErrUnsupported) ^ wit.ErrorKindUnsupported)
	_ = -uint(uint8(ErrTimeout) ^ wit.ErrorKindTimeout)
	_ = -uint(uint8(ErrCancelled) ^ wit.ErrorKindCancelled)
	_ = -uint(uint8(ErrUnavailable) ^ wit.ErrorKindUnavailable)
	_ = -uint(uint8(ErrDataLoss) ^ wit.ErrorKindDataLoss)
	_ = -uint(uint8(ErrInternal) ^ wit.ErrorKindInternal)
	_ = -uint(uint8(ErrOther) ^ wit.ErrorKindOther)
)
