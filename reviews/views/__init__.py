"""Pages of what was sent and how it was split; also those of a project that show both sides."""
