"""From takes to a finished bulletin: timeline, stings, mastering, MP3, tags."""
