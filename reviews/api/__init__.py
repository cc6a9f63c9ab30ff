"""Revisions, splits, chunks, changes, jobs and the status of milestones for programs."""
