-- Reminders that members set themselves, and the time zones they live in.

CREATE TABLE member_zones (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    member_id INTEGER NOT NULL,
    zone TEXT NOT NULL,                         -- a name of the IANA database
    PRIMARY KEY (workspace_id, member_id)
) STRICT;

CREATE TABLE member_reminders (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    number INTEGER NOT NULL,                    -- RM-n
    author_id INTEGER NOT NULL,
    place TEXT NOT NULL CHECK (place IN ('me', 'here')),
    channel_id INTEGER NOT NULL,                -- where it was set
    dm_channel_id INTEGER,                      -- the member's direct messages
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    anchor TEXT NOT NULL,                       -- the wall time on the first day, in that zone: a time without an instant
    repeat TEXT CHECK (repeat IN ('daily', 'weekdays', 'weekly', 'monthly')),
    set_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'cancelled')),
    PRIMARY KEY (workspace_id, number),
    CHECK ((place = 'me') = (dm_channel_id IS NOT NULL))
) STRICT;

CREATE INDEX member_reminders_open ON member_reminders (workspace_id, author_id, number) WHERE state = 'open';
CREATE INDEX member_reminders_open_here ON member_reminders (workspace_id, number) WHERE state = 'open' AND place = 'here';

-- Their rows in the schedule. The engine can change a table's checks only with the whole table.
CREATE TABLE reminders_anew (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'countdown', 'opens', 'question', 'repair_due', 'repair_overdue', 'unacknowledged', 'unassessed', 'member', 'snoozed')),
    event_id INTEGER,
    task_number INTEGER,
    report_number INTEGER,
    member_number INTEGER,
    due_at INTEGER NOT NULL,
    offset_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'posted', 'skipped', 'superseded', 'replanned', 'expired', 'muted')),
    settled_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id),
    FOREIGN KEY (workspace_id, task_number) REFERENCES repair_tasks (workspace_id, number),
    FOREIGN KEY (workspace_id, report_number) REFERENCES damage_reports (workspace_id, number),
    FOREIGN KEY (workspace_id, member_number) REFERENCES member_reminders (workspace_id, number),
    CHECK ((event_id IS NOT NULL) + (task_number IS NOT NULL) + (report_number IS NOT NULL) + (member_number IS NOT NULL) = 1),
    CHECK ((kind IN ('member', 'snoozed')) = (member_number IS NOT NULL))
) STRICT;

INSERT INTO reminders_anew (workspace_id, id, kind, event_id, task_number, report_number, due_at, offset_us, state, settled_at)
SELECT workspace_id, id, kind, event_id, task_number, report_number, due_at, offset_us, state, settled_at FROM reminders;
DROP TABLE reminders;
ALTER TABLE reminders_anew RENAME TO reminders;

CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'pending';
CREATE INDEX reminders_by_event ON reminders (workspace_id, event_id) WHERE state = 'pending';
CREATE INDEX reminders_by_task ON reminders (workspace_id, task_number) WHERE state = 'pending';
CREATE INDEX reminders_by_report ON reminders (workspace_id, report_number) WHERE state = 'pending';
CREATE INDEX reminders_by_member_reminder ON reminders (workspace_id, member_number)
    WHERE state = 'pending' AND member_number IS NOT NULL;
CREATE INDEX reminders_posted ON reminders (workspace_id, event_id, kind) WHERE state = 'posted' AND event_id IS NOT NULL;
CREATE INDEX reminders_posted_of_report ON reminders (workspace_id, report_number, kind)
    WHERE state = 'posted' AND report_number IS NOT NULL;
CREATE INDEX reminders_due_by_workspace ON reminders (workspace_id, due_at, id) WHERE state = 'pending';
