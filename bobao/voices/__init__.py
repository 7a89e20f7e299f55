"""Voices: engines by name, the embedded voice, the take store and recording."""
