-- Indexes for what is asked most. None of these questions may slow down as what is over piles up behind what is going on.
-- A partial index is used only by a query that repeats its condition to the letter.

CREATE INDEX missions_live ON missions (workspace_id, id)
    WHERE phase IN ('planned', 'on_hold', 'in_flight', 'docked', 'free_flight', 'scrubbed');

DROP INDEX missions_by_phase;
CREATE INDEX missions_by_phase ON missions (workspace_id, phase, id);

-- Completion looks inside every name: it reads this index alone.
CREATE INDEX missions_by_name ON missions (workspace_id, name_key, phase, name, id);

-- In the order that is asked for: without it the engine walks the whole workspace's events to save sorting one mission's four.
DROP INDEX events_by_mission;
CREATE INDEX events_by_mission ON events (workspace_id, mission_id, id);

DROP INDEX reports_by_pad;
CREATE INDEX reports_by_pad ON damage_reports (workspace_id, pad_id, number);
CREATE INDEX reports_open ON damage_reports (workspace_id, number) WHERE state NOT IN ('closed', 'rejected');
CREATE INDEX reports_open_by_pad ON damage_reports (workspace_id, pad_id, number) WHERE state NOT IN ('closed', 'rejected');

-- A subject's entries in the order of the chain; an as-of question goes back from the newest to the first recorded by then.
DROP INDEX journal_by_subject;
CREATE INDEX journal_by_subject ON journal (workspace_id, subject_kind, subject_id, seq, recorded_at);
