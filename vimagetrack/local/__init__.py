"""Everything that one machine needs, in processes of our own: PostgreSQL, web server, worker.

Nothing here is imported by the application. `python -m vimagetrack.local run` is what `make run` calls,
`exec` lends a database to one command, as `make test` needs it. Why it is built as it is: docs/decisions/.
"""

from __future__ import annotations
