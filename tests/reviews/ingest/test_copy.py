from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from reviews.ingest.copy import copy_rows, merge_rows
from reviews.models import Blob, ChangeText
from tests.cast import NOW

COLUMNS = ("fingerprint", "content_digest", "path", "path_text", "func", "before", "after")
BLOB = ("sha256", "size", "path", "encoding", "created_at")
KEY = ("fingerprint", "content_digest")


def row(name: str, text: bytes = b"") -> tuple[object, ...]:
    return (name, "d", b"a/\xff\0", "a", "f", text, b"")


def test_copy_rows_keeps_every_kind_of_value(db: None) -> None:
    copy_rows(
        Blob, ("sha256", "size", "path", "encoding", "created_at"), [("s", 2**40, "p", "identity", NOW)]
    )
    blob = Blob.objects.get()
    assert (blob.sha256, blob.size, blob.created_at) == ("s", 2**40, NOW)


def test_merge_rows_writes_what_is_new_and_gives_all_ids(db: None) -> None:
    first = merge_rows(ChangeText, COLUMNS, [row("a", b"\0one"), row("b")], key=KEY)
    second = merge_rows(ChangeText, COLUMNS, [row("b"), row("c"), row("c")], key=KEY)
    assert (len(first.new), len(second.new), ChangeText.objects.count()) == (2, 1, 3)
    assert second.ids["b", "d"] == first.ids["b", "d"]
    assert second.new == {second.ids["c", "d"]}
    kept = ChangeText.objects.get(fingerprint="a")
    assert (bytes(kept.before), bytes(kept.path)) == (b"\0one", b"a/\xff\0")


def test_copy_rows_is_held_by_the_constraints(db: None) -> None:
    with pytest.raises(IntegrityError, match="blob_encoding_known"), transaction.atomic():
        copy_rows(Blob, BLOB, [("s", 1, "p", "zip", NOW)])


@pytest.mark.django_db(transaction=True)
def test_merge_rows_at_once_in_opposite_orders_neither_locks_up_nor_repeats() -> None:
    start = threading.Barrier(2)
    failed: list[Exception] = []

    def merge(names: list[str]) -> None:
        try:
            start.wait(10)
            with transaction.atomic():
                merge_rows(ChangeText, COLUMNS, [row(name) for name in names], key=KEY)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    names = [f"{number:05}" for number in range(3000)]
    threads = [threading.Thread(target=merge, args=(order,)) for order in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ChangeText.objects.count() == 3000
