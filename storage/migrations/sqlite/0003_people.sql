-- Crew: ways up and down on different flights, and medical records, which stand apart from everything else.

-- People who do not come down on the flight they went up on: few, and asked for by every question of who is aboard.
CREATE INDEX seats_up_only ON seats (workspace_id, mission_id, person_id) WHERE goes_up = 1 AND comes_down = 0;
CREATE INDEX seats_down_only ON seats (workspace_id, person_id, mission_id) WHERE goes_up = 0 AND comes_down = 1;

-- Every card names its crew: their spellings are found by person, not by reading everybody's.
CREATE INDEX spellings_by_person ON person_spellings (workspace_id, person_id, position);

CREATE TABLE medical_records (
    workspace_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('fit', 'observation', 'limited', 'unfit')),
    note TEXT,
    recorded_at INTEGER NOT NULL,
    recorded_by INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, person_id) REFERENCES people (workspace_id, id)
) STRICT;

CREATE INDEX medical_by_person ON medical_records (workspace_id, person_id, id);
