-- The first schema. Times are integer microseconds since 1970 (UTC); booleans 0/1; *_key columns are domain.text.name_key.
-- Every table but `schema_migrations` belongs to a workspace, and its keys begin with it.

CREATE TABLE workspaces (
    id INTEGER NOT NULL PRIMARY KEY,            -- the Discord guild's id
    ops_channel_id INTEGER NOT NULL,
    zone TEXT NOT NULL,
    morning_hour INTEGER NOT NULL CHECK (morning_hour BETWEEN 0 AND 23),
    quiet_from_hour INTEGER CHECK (quiet_from_hour BETWEEN 0 AND 23),
    quiet_until_hour INTEGER CHECK (quiet_until_hour BETWEEN 0 AND 23),
    created_at INTEGER NOT NULL,
    last_id INTEGER NOT NULL,                   -- ids of everything in the workspace come from this one counter
    last_report_number INTEGER NOT NULL,
    last_task_number INTEGER NOT NULL,
    journal_seq INTEGER NOT NULL,
    journal_mac TEXT NOT NULL
) STRICT;

CREATE TABLE grants (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    capability TEXT NOT NULL CHECK (capability IN ('read', 'operate', 'pad', 'approve', 'medical', 'admin')),
    role_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, capability, role_id)
) STRICT;

CREATE TABLE requests (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    request_id INTEGER NOT NULL,                -- Discord's interaction id: a replay changes nothing
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, request_id)
) STRICT;

CREATE TABLE people (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    agency TEXT,
    PRIMARY KEY (workspace_id, id)
) STRICT;

CREATE TABLE person_spellings (
    workspace_id INTEGER NOT NULL,
    spelling_key TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    spelling TEXT NOT NULL,
    position INTEGER NOT NULL,                  -- 0 is the name itself
    PRIMARY KEY (workspace_id, spelling_key),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
) STRICT;

CREATE TABLE stations (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    short TEXT,
    short_key TEXT,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key),
    UNIQUE (workspace_id, short_key)
) STRICT;

CREATE TABLE ports (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    station_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, station_id, name_key),
    FOREIGN KEY (workspace_id, station_id) REFERENCES stations (workspace_id, id)
) STRICT;

CREATE TABLE pads (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    site TEXT NOT NULL,
    operator TEXT,
    lifecycle TEXT NOT NULL CHECK (lifecycle IN ('building', 'active', 'retired')),
    latched TEXT NOT NULL CHECK (latched IN ('operational', 'restricted', 'out_of_service')),
    restriction TEXT,
    components TEXT NOT NULL,                   -- JSON array of names
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key)
) STRICT;

CREATE TABLE pad_capabilities (
    workspace_id INTEGER NOT NULL,
    pad_id INTEGER NOT NULL,
    vehicle TEXT NOT NULL,
    vehicle_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('crew', 'cargo', 'other')),
    PRIMARY KEY (workspace_id, pad_id, vehicle_key, kind),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id)
) STRICT;

CREATE TABLE missions (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('crew', 'cargo', 'other')),
    vehicle TEXT NOT NULL,
    spacecraft TEXT,
    pad_id INTEGER,
    station_id INTEGER,
    seats INTEGER,
    duration_days INTEGER,
    outcome TEXT CHECK (outcome IN ('nominal', 'partial', 'aborted', 'lost')),
    clearance TEXT NOT NULL CHECK (clearance IN ('cleared', 'emergency_only', 'not_cleared')),
    phase TEXT NOT NULL,                        -- kept for lists; always equal to domain.missions.phase_of
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id),
    FOREIGN KEY (workspace_id, station_id) REFERENCES stations (workspace_id, id)
) STRICT;

CREATE INDEX missions_by_phase ON missions (workspace_id, phase);
CREATE INDEX missions_by_station ON missions (workspace_id, station_id);
CREATE INDEX missions_by_pad ON missions (workspace_id, pad_id);

CREATE TABLE events (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    mission_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'done', 'failed', 'scrubbed', 'cancelled')),
    planned_precision TEXT,                     -- NULL: never planned; 'unknown': planned, no date yet
    planned_at INTEGER,
    planned_net INTEGER NOT NULL CHECK (planned_net IN (0, 1)),
    actual_at INTEGER,
    port_id INTEGER,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    countdown_offsets TEXT,                     -- NULL: the workspace's default for the kind
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id),
    FOREIGN KEY (workspace_id, port_id) REFERENCES ports (workspace_id, id),
    CHECK ((planned_at IS NULL) = (planned_precision IS NULL OR planned_precision = 'unknown')),
    CHECK ((state = 'done') <= (actual_at IS NOT NULL))
) STRICT;

CREATE INDEX events_by_mission ON events (workspace_id, mission_id);
CREATE UNIQUE INDEX one_open_event_of_a_kind ON events (workspace_id, mission_id, kind)
    WHERE state IN ('planned', 'held') AND kind IN ('launch', 'docking', 'undocking', 'landing', 'deorbit');

CREATE TABLE seats (
    workspace_id INTEGER NOT NULL,
    mission_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    goes_up INTEGER NOT NULL CHECK (goes_up IN (0, 1)),
    comes_down INTEGER NOT NULL CHECK (comes_down IN (0, 1)),
    PRIMARY KEY (workspace_id, mission_id, person_id),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
) STRICT;

CREATE INDEX seats_by_person ON seats (workspace_id, person_id);

CREATE TABLE schedule_ledger (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    mission_id INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    before_precision TEXT,
    before_at INTEGER,
    before_net INTEGER NOT NULL,
    after_precision TEXT NOT NULL,
    after_at INTEGER,
    after_net INTEGER NOT NULL,
    direction TEXT NOT NULL,
    slip_days INTEGER,
    reason TEXT,
    cause TEXT,
    source TEXT,
    actor_id INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id)
) STRICT;

CREATE INDEX ledger_by_mission ON schedule_ledger (workspace_id, mission_id, id);

CREATE TABLE evidence (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, sha256)
) STRICT;

CREATE TABLE damage_reports (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    pad_id INTEGER NOT NULL,
    component TEXT,
    severity TEXT NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
    summary TEXT NOT NULL,
    observed_at INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    reporter_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reported', 'confirmed', 'in_repair', 'repaired', 'closed', 'rejected')),
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id)
) STRICT;

CREATE INDEX reports_by_pad ON damage_reports (workspace_id, pad_id);

CREATE TABLE report_evidence (
    workspace_id INTEGER NOT NULL,
    report_number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, report_number, sha256),
    FOREIGN KEY (workspace_id, report_number) REFERENCES damage_reports (workspace_id, number),
    FOREIGN KEY (workspace_id, sha256) REFERENCES evidence (workspace_id, sha256)
) STRICT;

CREATE TABLE repair_tasks (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    report_number INTEGER NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'in_work', 'blocked', 'done', 'verified', 'cancelled')),
    owner TEXT,
    due_precision TEXT,
    due_at INTEGER,
    due_net INTEGER NOT NULL CHECK (due_net IN (0, 1)),
    days INTEGER,
    progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    note TEXT,
    done_at INTEGER,
    done_by INTEGER,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, report_number) REFERENCES damage_reports (workspace_id, number)
) STRICT;

CREATE INDEX tasks_by_report ON repair_tasks (workspace_id, report_number);

CREATE TABLE repair_order (
    workspace_id INTEGER NOT NULL,
    task_number INTEGER NOT NULL,
    after_number INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, task_number, after_number),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number),
    FOREIGN KEY (workspace_id, after_number) REFERENCES repair_tasks (workspace_id, number),
    CHECK (task_number <> after_number)
) STRICT;

CREATE TABLE reminders (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('countdown', 'opens', 'question', 'repair_due', 'repair_overdue')),
    event_id INTEGER,
    task_number INTEGER,
    due_at INTEGER NOT NULL,
    offset_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'posted', 'skipped', 'superseded', 'replanned', 'expired')),
    settled_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number),
    CHECK ((event_id IS NULL) <> (task_number IS NULL))
) STRICT;

CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'pending';
CREATE INDEX reminders_by_event ON reminders (workspace_id, event_id) WHERE state = 'pending';
CREATE INDEX reminders_by_task ON reminders (workspace_id, task_number) WHERE state = 'pending';

CREATE TABLE subscriptions (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    topic TEXT NOT NULL,
    mission_id INTEGER,
    pad_id INTEGER,
    severity TEXT,
    mention_role_id INTEGER,
    language TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id)
) STRICT;

CREATE TABLE lanes (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    channel_id INTEGER NOT NULL,
    floor_message_id INTEGER NOT NULL,          -- our posts are searched for after this message, by Discord's ids
    failures INTEGER NOT NULL,
    resume_at INTEGER,                          -- back-off: nothing is sent in this lane before
    PRIMARY KEY (channel_id)
) STRICT;

CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    channel_id INTEGER NOT NULL REFERENCES lanes (channel_id),
    operation TEXT NOT NULL CHECK (operation IN ('post', 'edit', 'thread')),
    target_message_id INTEGER,
    dedup_key TEXT NOT NULL UNIQUE,             -- cause, channel, revision
    nonce TEXT NOT NULL UNIQUE,                 -- random, stored once, never recomputed or reused
    facts_version INTEGER NOT NULL,
    facts TEXT NOT NULL,
    language TEXT NOT NULL,
    mention_role_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'delivered_deleted', 'parked', 'expired')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    attempts INTEGER NOT NULL,
    attempt_at INTEGER,
    owner TEXT,
    lease_until INTEGER,
    message_id INTEGER,
    settled_at INTEGER,
    reason TEXT,
    CHECK ((state = 'sending') = (owner IS NOT NULL)),
    CHECK ((state = 'sent') <= (message_id IS NOT NULL)),
    CHECK ((state IN ('sent', 'delivered_deleted', 'parked', 'expired')) = (settled_at IS NOT NULL))
) STRICT;

CREATE INDEX outbox_open ON outbox (channel_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_by_message ON outbox (channel_id, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE journal (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    seq INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    state TEXT NOT NULL,                        -- the subject's state after the change, JSON
    event_at INTEGER,                           -- when it happened out there, where that differs from when it was recorded
    personal_digest TEXT NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) STRICT;

CREATE INDEX journal_by_subject ON journal (workspace_id, subject_kind, subject_id, recorded_at, seq);

CREATE TABLE journal_personal (
    workspace_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    salt TEXT NOT NULL,
    personal TEXT NOT NULL,                     -- JSON: names of people, reasons, notes; may be erased
    PRIMARY KEY (workspace_id, seq),
    FOREIGN KEY (workspace_id, seq) REFERENCES journal (workspace_id, seq)
) STRICT;
