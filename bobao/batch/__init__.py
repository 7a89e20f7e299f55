"""Many articles at once: one queue of lines for a machine's processors or for a cluster's."""
