"""Listening: what a recogniser that nobody here wrote hears, beside what was to be said.

`bobao verify --listen` and `tests/judges` use it. Nothing of the voices or of the normaliser is in
between: both sides become toneless pinyin by pypinyin.
"""
