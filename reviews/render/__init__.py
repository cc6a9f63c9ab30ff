"""Diffs as HTML: pure functions from the engine's values to safe strings, joined, not looped in templates.

``lines`` cuts a text into lines of tokens, ``tokens`` writes a token once and remembers it, ``marks`` finds
what differs inside a pair of lines, ``rows`` lines the two sides up, ``tables`` writes the table of a file,
``changes`` finds which changes stand where, ``patch`` puts the files together and says what is not shown,
``proof`` says what is proved.
"""
