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
