-- Delivery in full: edits that follow their post, retries that still look first, mutes, statements that two people make.

-- What a delivery is about: the same cause in several channels, and everything that was said of it since.
ALTER TABLE outbox ADD COLUMN cause TEXT NOT NULL DEFAULT '';
UPDATE outbox SET cause = substr(
    dedup_key, length(workspace_id) + 2, length(dedup_key) - length(workspace_id) - length(channel_id) - 2);
CREATE INDEX outbox_by_cause ON outbox (workspace_id, cause, id);

-- One post may be heard by several subscriptions, each with a role to mention: JSON.
ALTER TABLE outbox ADD COLUMN mentions TEXT NOT NULL DEFAULT '[]';
UPDATE outbox SET mentions = '[' || mention_role_id || ']' WHERE mention_role_id IS NOT NULL;
ALTER TABLE outbox DROP COLUMN mention_role_id;

-- Edits and threads belong to a post, which may itself still be waiting: its message is known when they are claimed.
ALTER TABLE outbox DROP COLUMN target_message_id;
ALTER TABLE outbox ADD COLUMN target_id INTEGER REFERENCES outbox (id);
CREATE INDEX outbox_by_target ON outbox (target_id, id) WHERE target_id IS NOT NULL;

-- Where the search for an ambiguous row begins: the lane's floor when it was first claimed. Others may be posted before it is
-- tried again. 0 is the channel's beginning.
ALTER TABLE outbox ADD COLUMN floor_message_id INTEGER;
UPDATE outbox SET floor_message_id = 0 WHERE attempts > 0 AND state IN ('pending', 'sending', 'parked');

-- Of reminders of one subject only the newest that waits is worth posting.
ALTER TABLE outbox ADD COLUMN subject TEXT;
CREATE INDEX outbox_open_subjects ON outbox (channel_id, subject, id)
    WHERE state IN ('pending', 'sending') AND subject IS NOT NULL;

-- What was said of a subject, and what ended lately.
CREATE INDEX outbox_by_subject ON outbox (workspace_id, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX outbox_settled ON outbox (workspace_id, settled_at) WHERE settled_at IS NOT NULL;

CREATE INDEX outbox_parked ON outbox (workspace_id, channel_id, reason, id) WHERE state = 'parked';

ALTER TABLE lanes ADD COLUMN retries INTEGER NOT NULL DEFAULT 0;

CREATE TABLE mutes (
    workspace_id INTEGER NOT NULL,
    mission_id INTEGER NOT NULL,
    muted_at INTEGER NOT NULL,
    muted_by INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, mission_id),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id)
) STRICT;

CREATE TABLE statements (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    number INTEGER NOT NULL,                    -- ST-n
    text TEXT NOT NULL,
    mission_id INTEGER,
    channel_id INTEGER,                         -- NULL: every channel that hears statements
    channels TEXT NOT NULL,                     -- JSON: where it goes, and the roles it mentions there, as was shown
    corrects INTEGER,                           -- the statement it corrects
    replaces INTEGER,                           -- whose text stood when the correction was drafted
    reason TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'withdrawn')),
    drafted_by INTEGER NOT NULL,
    drafted_at INTEGER NOT NULL,
    decided_by INTEGER,
    decided_at INTEGER,
    PRIMARY KEY (workspace_id, number),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id),
    FOREIGN KEY (workspace_id, corrects) REFERENCES statements (workspace_id, number),
    CHECK ((corrects IS NULL) = (replaces IS NULL)),
    CHECK ((state = 'waiting') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (state <> 'approved' OR decided_by <> drafted_by)
) STRICT;

CREATE INDEX statements_by_correction ON statements (workspace_id, corrects, number) WHERE corrects IS NOT NULL;

-- A reminder of a muted mission ends as muted. The engine can change a list of allowed words only with the whole table.
CREATE TABLE reminders_anew (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('countdown', 'opens', 'question', 'repair_due', 'repair_overdue')),
    event_id INTEGER,
    task_number INTEGER,
    due_at INTEGER NOT NULL,
    offset_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'posted', 'skipped', 'superseded', 'replanned', 'expired', 'muted')),
    settled_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number),
    CHECK ((event_id IS NULL) <> (task_number IS NULL))
) STRICT;

INSERT INTO reminders_anew SELECT * FROM reminders;
DROP TABLE reminders;
ALTER TABLE reminders_anew RENAME TO reminders;

CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'pending';
CREATE INDEX reminders_by_event ON reminders (workspace_id, event_id) WHERE state = 'pending';
CREATE INDEX reminders_by_task ON reminders (workspace_id, task_number) WHERE state = 'pending';
-- Whether the same was posted before.
CREATE INDEX reminders_posted ON reminders (workspace_id, event_id, kind) WHERE state = 'posted' AND event_id IS NOT NULL;
CREATE INDEX reminders_due_by_workspace ON reminders (workspace_id, due_at, id) WHERE state = 'pending';
