//! Drawings on a picture: vectors in fractions of the picture area, never pixels.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::text::Caption;

/// The most shapes a drawing may have.
const MAX_SHAPES: usize = 200;
/// The most points all pen strokes of a drawing may have together.
const MAX_POINTS: usize = 20_000;

/// A place on the picture: 0,0 is the top left corner, 1,1 the bottom right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct Point {
    x: f64,
    y: f64,
}

/// One of five colours, each told apart by people with colour-blindness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// White, the default.
    White,
    /// Red.
    Red,
    /// Yellow.
    Yellow,
    /// Cyan.
    Cyan,
    /// Green.
    Green,
}

/// A shape on the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Shape {
    /// A stroke by hand.
    Pen {
        /// Its colour.
        colour: Colour,
        /// The points it runs through, at least one.
        points: Vec<Point>,
    },
    /// An arrow with its head at `to`.
    Arrow {
        /// Its colour.
        colour: Colour,
        /// The tail.
        from: Point,
        /// The head.
        to: Point,
    },
    /// A box between two opposite corners.
    Box {
        /// Its colour.
        colour: Colour,
        /// A corner.
        from: Point,
        /// The opposite corner.
        to: Point,
    },
    /// An ellipse inside the box between two opposite corners.
    Ellipse {
        /// Its colour.
        colour: Colour,
        /// A corner of the box.
        from: Point,
        /// The opposite corner.
        to: Point,
    },
    /// Words, their first line beginning at `at`.
    Text {
        /// Its colour.
        colour: Colour,
        /// The left end of the base line.
        at: Point,
        /// The words.
        text: Caption,
    },
}

/// The shapes of one comment, lowest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Shape>", into = "Vec<Shape>")]
pub struct Drawing(Vec<Shape>);

impl Point {
    /// The place `x` from the left and `y` from the top, in fractions of the picture.
    ///
    /// # Errors
    /// When it lies outside the picture or is no number.
    pub fn new(x: f64, y: f64) -> Result<Self, Refusal> {
        if (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y) {
            Ok(Self { x, y })
        } else {
            Err(Refusal::invalid("point_outside", "A drawing must stay on the picture: fractions from 0 to 1."))
        }
    }

    /// Distance from the left edge, 0 to 1.
    pub const fn x(self) -> f64 {
        self.x
    }

    /// Distance from the top edge, 0 to 1.
    pub const fn y(self) -> f64 {
        self.y
    }
}

impl Drawing {
    /// A drawing of `shapes`.
    ///
    /// # Errors
    /// When there are none, too many, or a stroke without points.
    pub fn new(shapes: Vec<Shape>) -> Result<Self, Refusal> {
        if shapes.is_empty() {
            return Err(Refusal::invalid("drawing_empty", "The drawing is empty."));
        }
        let mut points = 0;
        for shape in &shapes {
            if let Shape::Pen { points: stroke, .. } = shape {
                if stroke.is_empty() {
                    return Err(Refusal::invalid("drawing_empty", "A pen stroke has no points."));
                }
                points += stroke.len();
            }
        }
        if shapes.len() > MAX_SHAPES || points > MAX_POINTS {
            return Err(Refusal::invalid(
                "drawing_large",
                format!("The drawing is too large: at most {MAX_SHAPES} shapes and {MAX_POINTS} points fit."),
            ));
        }
        Ok(Self(shapes))
    }

    /// The shapes, lowest first.
    pub fn shapes(&self) -> &[Shape] {
        &self.0
    }
}

impl TryFrom<(f64, f64)> for Point {
    type Error = Refusal;
    fn try_from((x, y): (f64, f64)) -> Result<Self, Refusal> {
        Self::new(x, y)
    }
}

impl From<Point> for (f64, f64) {
    fn from(point: Point) -> Self {
        (point.x, point.y)
    }
}

impl TryFrom<Vec<Shape>> for Drawing {
    type Error = Refusal;
    fn try_from(shapes: Vec<Shape>) -> Result<Self, Refusal> {
        Self::new(shapes)
    }
}

impl From<Drawing> for Vec<Shape> {
    fn from(drawing: Drawing) -> Self {
        drawing.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_survive_the_wire() {
        let wire = serde_json::json!([
            {"type": "pen", "colour": "white", "points": [[0.1, 0.2], [0.3, 0.4]]},
            {"type": "arrow", "colour": "red", "from": [0.0, 0.0], "to": [1.0, 1.0]},
            {"type": "text", "colour": "cyan", "at": [0.5, 0.5], "text": "logo"}
        ]);
        let drawing: Drawing = serde_json::from_value(wire.clone()).expect("a drawing");
        assert_eq!(serde_json::to_value(drawing).expect("json"), wire);
    }

    #[test]
    fn drawings_off_the_picture_or_without_bounds_are_refused() {
        for wire in [
            serde_json::json!([]),
            serde_json::json!([{"type": "pen", "colour": "white", "points": []}]),
            serde_json::json!([{"type": "pen", "colour": "white", "points": [[1.5, 0.0]]}]),
            serde_json::json!([{"type": "pen", "colour": "mauve", "points": [[0.5, 0.0]]}]),
            serde_json::json!([{"type": "pen", "colour": "red", "points": vec![[0.5, 0.5]; 20_001]}]),
        ] {
            assert!(serde_json::from_value::<Drawing>(wire).is_err());
        }
        assert!(Point::new(f64::NAN, 0.0).is_err());
    }
}
