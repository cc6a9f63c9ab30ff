"""Who one is, for programs."""
