//! Changes read together, rendered once for all who hear the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use picturelock_api::Event;
use picturelock_app::events::{Change, Viewer};

/// Changes in a row, at least one.
pub struct Batch {
    changes: Vec<Change>,
    rendered: Mutex<HashMap<Viewer, Bytes>>,
}

impl Batch {
    /// A batch of changes in a row; nothing when there are none.
    pub fn new(changes: Vec<Change>) -> Option<Self> {
        if changes.is_empty() { None } else { Some(Self { changes, rendered: Mutex::default() }) }
    }

    /// The number of its first change.
    pub fn first(&self) -> i64 {
        self.changes.first().map_or(0, Change::seq)
    }

    /// The number of its last change.
    pub fn last(&self) -> i64 {
        self.changes.last().map_or(0, Change::seq)
    }

    /// Whether somebody may have lost access by one of the changes.
    pub fn touches_access(&self) -> bool {
        self.changes.iter().any(Change::touches_access)
    }

    /// What `viewer` hears of the changes after number `after`, as text of an event stream; it may be empty.
    pub fn heard_by(&self, viewer: &Viewer, after: i64) -> Bytes {
        if after >= self.first() {
            return render(self.changes.iter().filter(|change| change.seq() > after), viewer);
        }
        // What the lock protects is written in one step, so a panic elsewhere leaves nothing half done.
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        rendered.entry(*viewer).or_insert_with(|| render(self.changes.iter(), viewer)).clone()
    }
}

fn render<'a>(changes: impl Iterator<Item = &'a Change>, viewer: &Viewer) -> Bytes {
    changes.filter_map(|change| change.heard_by(viewer)).map(|event| text(&event)).collect::<String>().into()
}

/// One server-sent event. JSON has no raw line breaks, so it is one line.
fn text(event: &Event) -> String {
    let data = serde_json::to_string(event).unwrap_or_default();
    format!("id: {}\ndata: {data}\n\n", event.seq)
}
