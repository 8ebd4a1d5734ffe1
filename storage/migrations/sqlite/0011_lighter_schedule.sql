-- Each of these indexes held every pending reminder, though a reminder is about one thing: a million countdowns stood in the
-- indexes of tasks and reports as well, and firing one took it out of each.
DROP INDEX reminders_by_event;
DROP INDEX reminders_by_task;
DROP INDEX reminders_by_report;

CREATE INDEX reminders_by_event ON reminders (workspace_id, event_id) WHERE state = 'pending' AND event_id IS NOT NULL;
CREATE INDEX reminders_by_task ON reminders (workspace_id, task_number) WHERE state = 'pending' AND task_number IS NOT NULL;
CREATE INDEX reminders_by_report ON reminders (workspace_id, report_number) WHERE state = 'pending' AND report_number IS NOT NULL;
