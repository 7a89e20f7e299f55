"""The verbs of the command line, one a module; what they share is in `desk`."""
