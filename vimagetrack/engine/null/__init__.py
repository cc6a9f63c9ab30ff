"""The null half of the engine: tables, expansion, the kernel that proves."""
