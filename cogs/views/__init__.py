"""Buttons and forms. Their identity is in the custom_id, so they outlive a restart."""
