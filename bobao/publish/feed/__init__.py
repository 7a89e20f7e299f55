"""Podcast feeds: written (RSS 2.0, iTunes, Podcasting 2.0) and checked (ours and anyone's)."""
