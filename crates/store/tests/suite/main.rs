//! One suite for every kind of store: what a caller relies on must hold on a disk and in a bucket alike.
//!
//! The bucket is on the server `PICTURELOCK_TEST_S3` names (`http://127.0.0.1:9000`); `scripts/test-servers.sh` starts
//! one. Without it, the tests in modules called `s3` say that they were skipped.

#[macro_use]
mod place;

mod blobs;
mod crash;
mod disk;
mod keys;
mod network;
mod parts;
mod ranges;
