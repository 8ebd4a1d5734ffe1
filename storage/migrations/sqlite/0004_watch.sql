-- The watch over the house: the journal's posted heads, what was refused, and each workspace's own countdown defaults.

CREATE TABLE head_schedule (
    workspace_id INTEGER NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    due_at INTEGER NOT NULL                     -- when the journal's head is posted next
) STRICT;

CREATE INDEX head_schedule_due ON head_schedule (due_at);

-- Workspaces that were set up before this have their first head posted at once.
INSERT INTO head_schedule (workspace_id, due_at) SELECT id, 0 FROM workspaces;

CREATE TABLE posted_heads (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    day TEXT NOT NULL,                          -- the workspace's local day: one head for each
    seq INTEGER NOT NULL,
    mac TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    dedup_key TEXT NOT NULL,                    -- finds the outbox row, and with it the posted message
    PRIMARY KEY (workspace_id, day)
) STRICT;

CREATE TABLE refusals (
    workspace_id INTEGER NOT NULL,              -- the guild's id, set up or not; 0 for a direct message
    member_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,                      -- whole hours since 1970 (UTC)
    number INTEGER NOT NULL,                    -- 1 to 20 within the hour; 21 sums up the rest of it
    kind TEXT NOT NULL CHECK (kind IN ('command', 'button', 'form')),
    handler TEXT NOT NULL,                      -- the command's name, the button's action, the form's name
    code TEXT NOT NULL,
    capability TEXT,
    refused_at INTEGER NOT NULL,                -- in the summing row: the latest
    times INTEGER NOT NULL CHECK (times >= 1),
    PRIMARY KEY (workspace_id, member_id, hour, number)
) STRICT;

CREATE INDEX refusals_by_hour ON refusals (hour, workspace_id);

CREATE TABLE countdown_defaults (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    kind TEXT NOT NULL,                         -- of events
    offsets TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind)
) STRICT;
