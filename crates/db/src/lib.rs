//! SQL for SQLite and PostgreSQL: migrations, aggregates, job table, event log.
