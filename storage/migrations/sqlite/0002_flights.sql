-- Flights as they really go: why a spacecraft is (not) cleared, when a mission failed, and dates that others claim.

ALTER TABLE missions ADD COLUMN clearance_reason TEXT;
ALTER TABLE missions ADD COLUMN clearance_source TEXT;
ALTER TABLE missions ADD COLUMN failed_at INTEGER;

CREATE TABLE schedule_claims (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    mission_id INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    precision TEXT NOT NULL,
    at INTEGER,
    net INTEGER NOT NULL CHECK (net IN (0, 1)),
    source TEXT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('official', 'inspection', 'independent', 'media', 'unverified')),
    link TEXT,
    actor_id INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, mission_id) REFERENCES missions (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id)
) STRICT;

CREATE INDEX claims_by_mission ON schedule_claims (workspace_id, mission_id, id);
