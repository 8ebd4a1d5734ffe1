-- Digests: a subscription with a time of day, when the next is due, and how far the last one went into the journal.

CREATE TABLE digests (
    workspace_id INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL,
    minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),      -- of the local day
    zone TEXT,                                  -- NULL: the workspace's, whatever that becomes
    says_quiet_days INTEGER NOT NULL CHECK (says_quiet_days IN (0, 1)),
    day TEXT NOT NULL,                          -- the local day that the next one is for
    due_at INTEGER NOT NULL,
    told_seq INTEGER NOT NULL,                  -- up to here the journal is known to have been told
    told_at INTEGER NOT NULL,
    last_day TEXT,
    last_due_at INTEGER,
    written_seq INTEGER,                        -- how far the last one went that was handed on to be posted, and what finds it
    written_at INTEGER,
    written_key TEXT,
    PRIMARY KEY (workspace_id, subscription_id),
    FOREIGN KEY (workspace_id, subscription_id) REFERENCES subscriptions (workspace_id, id),
    CHECK ((last_day IS NULL) = (last_due_at IS NULL)),
    CHECK ((written_seq IS NULL) = (written_at IS NULL)),
    CHECK ((written_seq IS NULL) = (written_key IS NULL))
) STRICT;

CREATE INDEX digests_due ON digests (due_at);

-- The topic could be subscribed before there were digests: those channels get theirs in the morning. What is due too far ahead to be
-- meant, as here on the first day of the year 9999, is planned by the next pass.
INSERT INTO digests (workspace_id, subscription_id, minute, zone, says_quiet_days, day, due_at, told_seq, told_at)
SELECT s.workspace_id, s.id, w.morning_hour * 60, NULL, 0, '9999-01-01', 253370764800000000, w.journal_seq, s.created_at
FROM subscriptions s JOIN workspaces w ON w.id = s.workspace_id WHERE s.topic = 'digest';
