//! A figure and its bar.

use std::fmt;

/// What a figure is held to.
#[derive(Clone, Copy)]
pub enum Bar {
    /// It must not be more.
    AtMost(f64),
    /// It must not be less.
    AtLeast(f64),
    /// It only explains others.
    None,
}

/// A measured figure.
pub struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    bar: Bar,
}

impl Figure {
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str, bar: Bar) -> Self {
        Self { what: what.into(), value, unit, bar }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, unit, bar } = self;
        write!(f, "  {what:<62} {value:>10.3} {unit:<8}")?;
        let (bound, met) = match *bar {
            Bar::AtMost(bound) => (format!("≤ {bound}"), *value <= bound),
            Bar::AtLeast(bound) => (format!("≥ {bound}"), *value >= bound),
            Bar::None => return Ok(()),
        };
        write!(f, " {bound:>10} {}", if met { "met" } else { "MISSED" })
    }
}

/// The value below which 95 of 100 lie.
pub fn p95(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * 95).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(f64::NAN)
}
