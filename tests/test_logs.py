"""One line an event, and no text from outside can forge one."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
import structlog

from vimagetrack import logs

HOSTILE = "a\nb\r\x1b[31m\x00\x85\u2028\u202e\x9b"


@pytest.fixture(params=[True, False], ids=["json", "line"])
def written(request):
    """Log through a handler of the configuration; gives what was written so far."""
    stream = io.StringIO()
    yield from logging_to(stream, json=request.param)


def logging_to(stream, *, json):
    config = logs.configure(json=json)
    config["handlers"]["stderr"]["stream"] = stream
    del config["root"], config["loggers"]
    config["loggers"] = {name: {"handlers": ["stderr"], "level": "INFO"} for name in ("ours", "theirs")}
    logging.config.dictConfig(config)
    yield stream.getvalue
    for name in ("ours", "theirs"):
        logging.getLogger(name).handlers.clear()


def test_a_line_from_outside_stays_one_line(written):
    logging.getLogger("theirs").warning("asked for %s", HOSTILE)
    text = written()
    assert text.count("\n") == 1
    assert text.rstrip("\n").isprintable()
    assert "asked for a" in text


def test_our_own_events_too(written):
    structlog.get_logger("ours").info(
        "uploaded", filename=HOSTILE, size=3, raw=b"\x00\n", deep={"x": HOSTILE}
    )
    text = written()
    assert text.count("\n") == 1
    assert text.rstrip("\n").isprintable()


def test_a_traceback_cannot_pass_for_an_event(written):
    try:
        raise ValueError(HOSTILE + "\n2026-01-01T00:00:00Z info forged")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    first, *rest = written().rstrip("\n").split("\n")
    assert "failed" in first
    assert all(line.startswith("    ") for line in rest)


@pytest.mark.parametrize("written", [True], indirect=True)
def test_json_is_json(written):
    structlog.get_logger("ours").warning("said", number=3)
    event = json.loads(written())
    assert (event["event"], event["level"], event["logger"], event["number"]) == (
        "said",
        "warning",
        "ours",
        3,
    )
