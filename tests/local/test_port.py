"""The port is claimed before the web server could share it in silence."""

from __future__ import annotations

import socket

import pytest

from tests.local.machine import free_port
from vimagetrack.local.errors import LocalError
from vimagetrack.local.port import claimed, read_port


@pytest.mark.parametrize(("text", "port"), [("", 8000), (" 8001 ", 8001), ("65535", 65535)])
def test_ports(text, port):
    assert read_port(text) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000x", "9" * 5000, "²"])
def test_no_ports(text):
    with pytest.raises(LocalError, match="write a number from 1 to 65535"):
        read_port(text)


def test_two_claims_at_once():
    port = free_port()
    with claimed(port), pytest.raises(LocalError, match=f"Port {port} is taken"), claimed(port):
        pass


def test_one_claim_after_the_other():
    port = free_port()
    for _ in range(2):
        with claimed(port):
            pass


def test_a_server_that_shares_its_port_is_noticed():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalError, match=f"`PORT={port + 1} make run`"), claimed(port):
            pass


def test_the_lock_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("vimagetrack.local.port.tempfile.gettempdir", lambda: str(tmp_path))
    with claimed(free_port()):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []
