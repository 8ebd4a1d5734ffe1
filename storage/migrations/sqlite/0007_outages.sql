-- Outages in full: who has seen a report, what others say about it and about the return, repairs in every state, the gate.

-- Escalation: how long a critical report may wait for somebody (0: for ever), whom it is repeated to, how long for an assessment.
ALTER TABLE workspaces ADD COLUMN escalate_after_us INTEGER NOT NULL DEFAULT 600000000 CHECK (escalate_after_us >= 0);
ALTER TABLE workspaces ADD COLUMN escalation_roles TEXT NOT NULL DEFAULT '[]';      -- JSON: role ids, in order
ALTER TABLE workspaces ADD COLUMN assess_after_us INTEGER NOT NULL DEFAULT 14400000000 CHECK (assess_after_us >= 0);

ALTER TABLE pads ADD COLUMN returned_at INTEGER;    -- the last return to service
ALTER TABLE pads ADD COLUMN away_since INTEGER;     -- when a report took it out of full service; NULL while it is in service
UPDATE pads SET away_since = (
    SELECT MIN(d.reported_at) FROM damage_reports d
    WHERE d.workspace_id = pads.workspace_id AND d.pad_id = pads.id AND d.severity <> 'minor')
WHERE latched <> 'operational';

-- `held_since`: it limits launches, or did since the pad's last return: the next one needs it closed, whatever its severity is.
ALTER TABLE damage_reports ADD COLUMN held_since INTEGER;
ALTER TABLE damage_reports ADD COLUMN acknowledged_by INTEGER;
ALTER TABLE damage_reports ADD COLUMN acknowledged_at INTEGER;
ALTER TABLE damage_reports ADD COLUMN settled_at INTEGER;      -- when it was closed or rejected
UPDATE damage_reports SET held_since = reported_at WHERE severity <> 'minor'
    AND EXISTS (SELECT 1 FROM pads p WHERE p.workspace_id = damage_reports.workspace_id AND p.id = damage_reports.pad_id
                AND p.latched <> 'operational');
CREATE INDEX reports_that_hold ON damage_reports (workspace_id, pad_id, number) WHERE held_since IS NOT NULL;

CREATE TABLE assessments (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,                    -- AS-n
    report_number INTEGER NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
    tier TEXT NOT NULL CHECK (tier IN ('official', 'inspection', 'independent', 'media', 'unverified')),
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    stated_precision TEXT NOT NULL,
    stated_at INTEGER NOT NULL,
    confidence TEXT CHECK (confidence IN ('low', 'medium', 'high')),
    link TEXT,
    note TEXT,
    recorded_by INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    adopted_at INTEGER,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, report_number) REFERENCES damage_reports (workspace_id, number)
) STRICT;

CREATE INDEX assessments_by_report ON assessments (workspace_id, report_number, number);

CREATE TABLE forecasts (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,                    -- FC-n
    pad_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('official', 'inspection', 'independent', 'media', 'unverified')),
    earliest_precision TEXT,
    earliest_at INTEGER,
    latest_precision TEXT,
    latest_at INTEGER,
    stated_precision TEXT NOT NULL,
    stated_at INTEGER NOT NULL,
    note TEXT,                                  -- in words: "shortly"
    recorded_by INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    returned_at INTEGER,                        -- when the pad was back: the forecast is scored by it
    earliest_net INTEGER NOT NULL DEFAULT 0 CHECK (earliest_net IN (0, 1)),
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id),
    CHECK (earliest_at IS NOT NULL OR latest_at IS NOT NULL OR note IS NOT NULL)
) STRICT;

CREATE INDEX forecasts_by_pad ON forecasts (workspace_id, pad_id, number);
CREATE INDEX forecasts_that_stand ON forecasts (workspace_id, pad_id, number) WHERE returned_at IS NULL;

CREATE TABLE inspections (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,                    -- IN-n
    pad_id INTEGER NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('passed', 'failed')),
    note TEXT,
    inspected_by INTEGER NOT NULL,
    inspected_at INTEGER NOT NULL,
    evidence TEXT NOT NULL,                     -- JSON: SHA-256 of photos
    seq INTEGER NOT NULL,                       -- its journal entry: damage and work that were journalled later came after it
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id)
) STRICT;

CREATE INDEX inspections_by_pad ON inspections (workspace_id, pad_id, number);

-- Requests to return a pad to service, and what a second person made of them.
CREATE TABLE returns (
    workspace_id INTEGER NOT NULL,
    number INTEGER NOT NULL,                    -- RS-n
    pad_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'declined', 'withdrawn', 'void')),
    requested_by INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    basis_seq INTEGER NOT NULL,                 -- the journal's last entry when it was asked: what came after makes it void
    decided_by INTEGER,
    decided_at INTEGER,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, pad_id) REFERENCES pads (workspace_id, id),
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK (state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> requested_by))
) STRICT;

CREATE INDEX returns_by_pad ON returns (workspace_id, pad_id, number);
CREATE UNIQUE INDEX one_waiting_return ON returns (workspace_id, pad_id) WHERE state = 'waiting';

ALTER TABLE repair_tasks ADD COLUMN started_at INTEGER;
ALTER TABLE repair_tasks ADD COLUMN blocked_by TEXT;            -- why nobody can go on
ALTER TABLE repair_tasks ADD COLUMN verified_at INTEGER;
ALTER TABLE repair_tasks ADD COLUMN verified_by INTEGER CHECK (verified_by IS NULL OR verified_by <> done_by);
ALTER TABLE repair_tasks ADD COLUMN cancelled_for TEXT;         -- why it will not be done
-- A report's tasks in their order; without the number the engine walks through every task of the workspace to save the sort.
DROP INDEX tasks_by_report;
CREATE INDEX tasks_by_report ON repair_tasks (workspace_id, report_number, number);

CREATE TABLE repair_materials (
    workspace_id INTEGER NOT NULL,
    task_number INTEGER NOT NULL,
    item_key TEXT NOT NULL,
    item TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('needed', 'on_order', 'on_hand')),
    quantity TEXT,
    expected_precision TEXT,
    expected_at INTEGER,
    expected_net INTEGER NOT NULL DEFAULT 0 CHECK (expected_net IN (0, 1)),
    PRIMARY KEY (workspace_id, task_number, item_key),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number)
) STRICT;

-- Days that an outage cost: the moves that name a report as their cause.
CREATE INDEX ledger_by_cause ON schedule_ledger (workspace_id, cause, mission_id) WHERE cause IS NOT NULL;

-- Reminders about reports as well. The engine can change a table's checks only with the whole table.
CREATE TABLE reminders_anew (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'countdown', 'opens', 'question', 'repair_due', 'repair_overdue', 'unacknowledged', 'unassessed')),
    event_id INTEGER,
    task_number INTEGER,
    report_number INTEGER,
    due_at INTEGER NOT NULL,
    offset_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'posted', 'skipped', 'superseded', 'replanned', 'expired', 'muted')),
    settled_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number),
    FOREIGN KEY (workspace_id, report_number) REFERENCES damage_reports (workspace_id, number),
    CHECK ((event_id IS NOT NULL) + (task_number IS NOT NULL) + (report_number IS NOT NULL) = 1)
) STRICT;

INSERT INTO reminders_anew (workspace_id, id, kind, event_id, task_number, due_at, offset_us, state, settled_at)
SELECT workspace_id, id, kind, event_id, task_number, due_at, offset_us, state, settled_at FROM reminders;
DROP TABLE reminders;
ALTER TABLE reminders_anew RENAME TO reminders;

CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'pending';
CREATE INDEX reminders_by_event ON reminders (workspace_id, event_id) WHERE state = 'pending';
CREATE INDEX reminders_by_task ON reminders (workspace_id, task_number) WHERE state = 'pending';
CREATE INDEX reminders_by_report ON reminders (workspace_id, report_number) WHERE state = 'pending';
CREATE INDEX reminders_posted ON reminders (workspace_id, event_id, kind) WHERE state = 'posted' AND event_id IS NOT NULL;
CREATE INDEX reminders_posted_of_report ON reminders (workspace_id, report_number, kind)
    WHERE state = 'posted' AND report_number IS NOT NULL;
CREATE INDEX reminders_due_by_workspace ON reminders (workspace_id, due_at, id) WHERE state = 'pending';
