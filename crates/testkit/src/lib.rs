//! Footage, engines, stores and a running server for tests.
