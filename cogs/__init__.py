"""Floor 3: the Discord face. Thin command groups, pure renderers, views; no SQL, no permission logic."""
