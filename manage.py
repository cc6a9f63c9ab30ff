#!/usr/bin/env python
"""Run Django's commands for VimageTrack."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vimagetrack.settings.dev")
    execute_from_command_line(sys.argv)
