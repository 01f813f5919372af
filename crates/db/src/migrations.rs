//! The steps that bring a database's schema up to date: the same numbers and names on both engines.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! steps {
    ($engine:literal: $($number:literal $name:literal),+ $(,)?) => {
        Migrator::with_migrations(vec![$(
            Migration::new(
                $number,
                Cow::Borrowed($name),
                MigrationType::Simple,
                include_str!(concat!("../migrations/", $engine, "/", $name, ".sql")).into_sql_str(),
                false,
            )
        ),+])
    };
}

pub(crate) fn sqlite() -> Migrator {
    steps!("sqlite": 1 "0001_review")
}

pub(crate) fn postgres() -> Migrator {
    steps!("postgres": 1 "0001_review")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statements that make tables and indexes, as they stand in the file.
    fn tables(migrator: &Migrator) -> Vec<(i64, String, Vec<String>)> {
        let made = |sql: &str| {
            let statements = sql.split(";\n").map(str::trim);
            let kept = statements.filter(|it| {
                it.contains("CREATE TABLE") || it.contains("CREATE INDEX") || it.contains("CREATE UNIQUE INDEX")
            });
            kept.map(str::to_owned).collect::<Vec<_>>()
        };
        migrator.iter().map(|step| (step.version, step.description.to_string(), made(step.sql.as_str()))).collect()
    }

    #[test]
    fn both_engines_have_the_same_steps_tables_and_indexes() {
        let (sqlite, postgres) = (tables(&sqlite()), tables(&postgres()));
        assert!(sqlite.iter().all(|(_, _, made)| !made.is_empty()));
        assert_eq!(sqlite, postgres);
    }
}
