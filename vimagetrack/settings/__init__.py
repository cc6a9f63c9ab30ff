"""Settings: base for all, then dev, test and prod; env.py reads the environment."""
