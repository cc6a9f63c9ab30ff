"""Unified diffs: parsed without losing a byte, written again, applied exactly."""
