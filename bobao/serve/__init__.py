"""The site of a workspace over HTTP, for the desk's own machine; rebuilt while it is being read."""
