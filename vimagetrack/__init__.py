"""VimageTrack: the project package. Empty on purpose: importing the engine must not load Django."""
