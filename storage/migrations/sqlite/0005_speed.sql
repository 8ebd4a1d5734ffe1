-- Indexes for what is asked most: missions that are not over, one phase in order, names to complete, and reports still open.
-- A partial index is used only by a query that repeats its condition to the letter.

CREATE INDEX missions_live ON missions (workspace_id, id)
    WHERE phase IN ('planned', 'on_hold', 'in_flight', 'docked', 'free_flight', 'scrubbed');

DROP INDEX missions_by_phase;
CREATE INDEX missions_by_phase ON missions (workspace_id, phase, id);

-- Completion looks inside every name: it reads this index alone, in the order in which names are offered.
CREATE INDEX missions_by_name ON missions (workspace_id, name_key, phase, name, id);

CREATE INDEX reports_open ON damage_reports (workspace_id, pad_id, number) WHERE state NOT IN ('closed', 'rejected');
