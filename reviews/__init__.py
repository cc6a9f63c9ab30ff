"""What was sent, proved and said: series, revisions, splits, chunks, proofs. Knows milestones."""
