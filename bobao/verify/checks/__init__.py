"""The checks: each a pure function from the evidence to what is wrong."""
