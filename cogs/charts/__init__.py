"""Pictures: plain values in, PNG bytes out. Nothing here knows Discord, a mission or a language."""
