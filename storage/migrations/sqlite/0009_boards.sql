-- Live boards: one message for each kind and channel, edited in place. No more than 20 of a workspace.

CREATE TABLE boards (
    workspace_id INTEGER NOT NULL REFERENCES workspaces (id),
    channel_id INTEGER NOT NULL REFERENCES lanes (channel_id),
    kind TEXT NOT NULL CHECK (kind IN ('missions', 'pads', 'crew')),
    id INTEGER NOT NULL,
    language TEXT NOT NULL,
    post_id INTEGER NOT NULL REFERENCES outbox (id),    -- its present post
    revision INTEGER NOT NULL,                  -- grows with everything that is written of it
    shown TEXT NOT NULL,                        -- digest of what it says, the time aside
    looked_at INTEGER NOT NULL,                 -- when it was last compared with what is true
    due_at INTEGER NOT NULL,                    -- when it is compared next
    PRIMARY KEY (workspace_id, channel_id, kind),
    UNIQUE (workspace_id, id)
) STRICT;

CREATE INDEX boards_due ON boards (due_at, workspace_id);
CREATE INDEX boards_by_post ON boards (post_id);
