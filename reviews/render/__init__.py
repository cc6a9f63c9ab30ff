"""Diffs as HTML: pure functions from the engine's values to safe strings, built by joining, not by templates.

``lines`` cuts a text into lines of tokens, ``tokens`` writes a token once and remembers it, ``marks`` finds what
differs inside a pair of lines, ``rows`` lines the two sides up, ``tables`` writes the table of a file, ``page``
puts the files of a patch together and says what is not shown.
"""
