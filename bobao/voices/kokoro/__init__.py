"""The embedded voice: Kokoro-82M with the project's fast decoder."""
