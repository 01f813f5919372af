-- Portable types only: TEXT, BIGINT, DOUBLE PRECISION. Ids are uuid text, times microseconds since 1970 UTC,
-- booleans 0 or 1, structures JSON text.
CREATE TABLE setting (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE account (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    blocked_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE invitation (
    id TEXT PRIMARY KEY NOT NULL,
    secret_hash TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_by TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    withdrawn_at BIGINT
);

-- Failed attempts per key (an account, a link, an address), for limits that hold across servers.
CREATE TABLE attempt (
    name TEXT PRIMARY KEY NOT NULL,
    failures BIGINT NOT NULL,
    window_start BIGINT NOT NULL
);

CREATE TABLE project (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    client TEXT NOT NULL,
    frame_rate TEXT,
    start_timecode TEXT,
    created_by TEXT REFERENCES account (id),
    created_at BIGINT NOT NULL,
    event_seq BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE member (
    project_id TEXT NOT NULL REFERENCES project (id),
    user_id TEXT NOT NULL REFERENCES account (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE reviewable (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    name TEXT NOT NULL,
    brief TEXT NOT NULL,
    next_number BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX reviewable_by_project ON reviewable (project_id);

CREATE TABLE version (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    reviewable_id TEXT NOT NULL REFERENCES reviewable (id),
    number BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    -- Known once the whole file was read.
    content_hash TEXT,
    source_key TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    review TEXT NOT NULL,
    footage TEXT,
    frame_table TEXT,
    media TEXT,
    uploaded_by TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (reviewable_id, number)
);
CREATE INDEX version_by_project ON version (project_id);
CREATE INDEX version_by_hash ON version (content_hash);
CREATE INDEX version_by_source ON version (source_key);

CREATE TABLE upload (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    user_id TEXT NOT NULL REFERENCES account (id),
    file_name TEXT NOT NULL,
    relative_path TEXT NOT NULL,
    reviewable_id TEXT REFERENCES reviewable (id),
    stage TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    received BIGINT NOT NULL,
    part_size BIGINT NOT NULL,
    parts TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    -- The request that writes the next part, and until when it is believed to be at it.
    claim TEXT,
    claimed_until BIGINT,
    version_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX upload_by_project ON upload (project_id, user_id);
CREATE INDEX upload_by_expiry ON upload (expires_at);

CREATE TABLE upload_part (
    upload_id TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    tag TEXT NOT NULL,
    blake3 TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
);

CREATE TABLE job (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    version_id TEXT REFERENCES version (id),
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- Jobs of one class share a limit on how many run at once.
    class TEXT NOT NULL,
    priority BIGINT NOT NULL,
    -- Whether people follow it in the tray; housekeeping is shown only when it failed.
    shown BIGINT NOT NULL,
    state TEXT NOT NULL,
    progress BIGINT NOT NULL DEFAULT 0,
    phase TEXT NOT NULL DEFAULT '',
    -- How often it was begun: with the worker, the fence against those who wake up late. Never goes down.
    attempts BIGINT NOT NULL DEFAULT 0,
    -- Faults of the machine and sudden ends of workers since somebody last asked for it.
    failures BIGINT NOT NULL DEFAULT 0,
    interruptions BIGINT NOT NULL DEFAULT 0,
    run_after BIGINT NOT NULL,
    worker TEXT,
    lease_until BIGINT,
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    -- The same work asked for twice is one job.
    unique_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX job_queue ON job (state, class, priority, run_after);
CREATE INDEX job_by_project ON job (project_id, updated_at);
CREATE INDEX job_by_version ON job (version_id);

CREATE TABLE comment (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    version_id TEXT NOT NULL REFERENCES version (id),
    parent_id TEXT REFERENCES comment (id),
    author_kind TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    first_frame BIGINT NOT NULL,
    last_frame BIGINT NOT NULL,
    body TEXT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    status TEXT NOT NULL,
    resolved_by TEXT,
    resolved_at BIGINT,
    drawing TEXT,
    still_key TEXT,
    -- Chosen by the writer's browser, so that a request sent twice writes once.
    client_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    deleted_by TEXT,
    UNIQUE (version_id, author_id, client_key)
);
CREATE INDEX comment_by_version ON comment (version_id, first_frame);
CREATE INDEX comment_by_parent ON comment (parent_id);

CREATE TABLE share (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    reviewable_id TEXT NOT NULL REFERENCES reviewable (id),
    -- Null: the newest version, whichever that is.
    version_id TEXT REFERENCES version (id),
    label TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    passphrase TEXT,
    can_comment BIGINT NOT NULL,
    can_decide BIGINT NOT NULL,
    can_download BIGINT NOT NULL,
    guests_see_each_other BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    -- Raised whenever guests must open the link again.
    epoch BIGINT NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX share_by_project ON share (project_id);

CREATE TABLE guest (
    id TEXT PRIMARY KEY NOT NULL,
    share_id TEXT NOT NULL REFERENCES share (id),
    name TEXT,
    email TEXT,
    opens BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_opened_at BIGINT NOT NULL
);
CREATE INDEX guest_by_share ON guest (share_id);

CREATE TABLE session (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    user_id TEXT REFERENCES account (id),
    guest_id TEXT REFERENCES guest (id),
    share_epoch BIGINT,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_guest ON session (guest_id);

-- Which frames somebody has watched, as ranges.
CREATE TABLE watched (
    version_id TEXT NOT NULL REFERENCES version (id),
    viewer TEXT NOT NULL,
    ranges TEXT NOT NULL,
    frames BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (version_id, viewer)
);

CREATE TABLE decision (
    id TEXT PRIMARY KEY NOT NULL,
    project_id TEXT NOT NULL REFERENCES project (id),
    version_id TEXT NOT NULL REFERENCES version (id),
    outcome TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    email TEXT,
    identity TEXT NOT NULL,
    statement TEXT NOT NULL,
    note TEXT,
    listed_comments TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    watched_frames BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    UNIQUE (version_id, author_id, client_key)
);
CREATE INDEX decision_by_version ON decision (version_id, decided_at);

CREATE TABLE event (
    project_id TEXT NOT NULL REFERENCES project (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    version_id TEXT,
    audience TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (project_id, seq)
);

-- Decisions are a record: they are superseded, never changed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'decisions are append-only'; END $$;
CREATE TRIGGER decision_never_changes BEFORE UPDATE OR DELETE ON decision
FOR EACH ROW EXECUTE FUNCTION refuse_change();
