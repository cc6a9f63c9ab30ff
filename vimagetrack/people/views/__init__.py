"""Pages of a person: signing in and out, and the theme."""
