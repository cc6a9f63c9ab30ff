"""How things look and are said: icons, badges, words, characters. Plain values to safe HTML; knows no rows.

The doors of every app stand on it; nothing below a door may import it.
"""
