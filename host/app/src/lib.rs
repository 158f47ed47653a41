//! Assembly only: builds everything in order and stops it in reverse.
