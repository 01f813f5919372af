//! Use cases: permission, rule, transaction, event, job.
