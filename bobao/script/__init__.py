"""Scripting: an article → the script that an editor reads and a voice speaks."""
