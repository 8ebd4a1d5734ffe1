"""Floor 1: everything that persists. The only place that knows SQL and the database driver."""
