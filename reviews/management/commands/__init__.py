"""Commands of the reviews."""
