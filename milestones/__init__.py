"""What lands, in which order, when: projects, plans, milestones, areas. Knows nothing of reviews."""
