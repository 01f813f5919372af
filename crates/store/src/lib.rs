//! Blobs on local disk or S3: parts, ranges, hashes.
