"""Floor 4: the process. Settings, wiring, the Discord client, timekeeper, courier, supervisor, command line."""
