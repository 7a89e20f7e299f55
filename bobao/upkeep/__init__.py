"""Keeping house: what the take store and the caches hold, and what of it may go."""
