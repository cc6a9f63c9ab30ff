"""Projects, plans and milestones for programs."""
