"""Members' photos: bytes in, a small clean copy out. Nothing here knows Discord, a pad or a language."""
