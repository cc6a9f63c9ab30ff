"""No value that can be put into an address, a query, a header or a body makes a 5xx.

The OpenAPI document is walked, so that a new operation is tried without anybody thinking of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from tests.api.conftest import World
from vimagetrack.api.schema import document

Ask = Callable[..., APIClient]

ODD = [
    "", "-1", "9" * 30, "1e400", "x" * 5000, "%00", "%0d%0aX-Evil: 1", "%ff%fe", "%ed%a0%80",
    "../../etc/passwd", "'\";--", "\u0661",
]  # fmt: skip

GOOD = {
    "slug": "vimage", "milestone": "macros", "series": "main", "number": "1", "split": "1", "uid": "uid1",
    "name": "01-macros.patch",
}  # fmt: skip


def operations(method: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (path, methods[method]) for path, methods in sorted(document()["paths"].items()) if method in methods
    ]


def filled(path: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return path


def odd_addresses(path: str, operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        for odd in ODD:
            value = odd if "%" in odd else quote(odd, safe="./\\")
            if parameter["in"] == "path":
                yield filled(path, {**GOOD, parameter["name"]: value})
            else:
                yield f"{filled(path, GOOD)}?{parameter['name']}={value}"
    yield filled(path, GOOD) + "?" + "&".join(f"{name}=1" for name in ("cursor", "x", "format", "limit"))


def check(answer: Any, what: str) -> None:
    b"".join(answer)  # read to the end, or the file stays open
    assert answer.status_code < 500, what
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", what
        problem = answer.json()
        assert {"type", "title", "status", "detail", "code", "errors"} <= set(problem), what
        assert problem["status"] == answer.status_code
    assert not any("evil" in name.lower() for name in answer.headers), what


def test_odd_values_in_addresses(world: World, ask: Ask) -> None:
    client = ask(world.alice, "read")
    for path, operation in operations("get"):
        for address in odd_addresses(path, operation):
            check(client.get(address), address)


def test_odd_headers(world: World, ask: Ask) -> None:
    client = ask(world.alice)
    names = ("HTTP_ACCEPT", "HTTP_AUTHORIZATION", "HTTP_RANGE", "HTTP_IF_NONE_MATCH", "CONTENT_TYPE")
    for (path, _), value in product(operations("get"), ("", "x" * 5000, "Token \u00ff")):
        check(client.get(filled(path, GOOD), **dict.fromkeys(names, value)), f"{path} {value[:30]}")


def form(head: bytes, body: bytes) -> bytes:
    return b"--x\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + body + b"\r\n--x--\r\n"


BODIES = (
    b"", b"\x00", b"\xff\xfe", b"{", b"PK\x03\x04" + b"x" * 5000, b'a = "\\u0000"', b"--x\r\n\r\n--x--",
    form(b'name="diff"', b"a"), form(b'name="plan"; filename="\x00"', b"\xff"),
    form(b'name="diff"; filename="a"\r\nContent-Transfer-Encoding: base64', b"!!!"),
    form(b'name="diff"; filename="../../x\r\nX-Evil: 1"', b"--- a/x\n"),
)  # fmt: skip

TYPES = (
    "", "application/json", "text/x-diff", "application/toml", "application/octet-stream", ";;",
    "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\u00ff",
    "application/x-www-form-urlencoded", "text/x-diff; charset=none",
)  # fmt: skip

WRITES = [(method, path) for method in ("post", "put") for path, _ in operations(method)]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_odd_bodies(method: str, path: str, world: World, ask: Ask) -> None:
    client = ask(world.alice, "read", "upload", "admin")
    for content_type, body in product(TYPES, BODIES):
        answer = client.generic(method.upper(), filled(path, GOOD), body, content_type=content_type)
        check(answer, f"{content_type} {body[:40]!r}")


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_odd_parameters_of_writes(method: str, path: str, world: World, ask: Ask) -> None:
    client = ask(world.alice, "read", "upload", "admin")
    for address in odd_addresses(path, dict(operations(method))[path]):
        check(client.generic(method.upper(), address, b"x", content_type="text/x-diff"), address)
