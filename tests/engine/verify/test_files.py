"""Each difference between OUT and what the split comes to is told with its place and both values."""

from __future__ import annotations

import json

from vimagetrack.engine.verify import differences

REPORT = {
    "schema": 1,
    "milestones": [{"slug": "macros", "proof": {"verdict": "proved"}}, {"slug": "rest", "added": 3}],
    "changes": [
        {"path": "a.c", "milestone": "macros", "kind": "null-macro", "new": [3, 1], "fingerprint": "aa"},
        {"path": "a.c", "milestone": "rest", "kind": "meat", "new": [9, 2], "fingerprint": "bb"},
    ],
    "proofs": [{"path": "a.c", "milestone": "macros", "state": "on", "verdict": "proved"}],
    "totals": {"meat": {"added": 3}},
}  # fmt: skip


def told(spoil, name="report.json"):
    found = json.loads(json.dumps(REPORT))
    spoil(found)
    return differences({name: json.dumps(found).encode()}, {name: json.dumps(REPORT).encode()})


def test_a_value_is_told_with_its_path_and_both_sides():
    def spoil(report):
        report["totals"]["meat"]["added"] = 4
        report["proofs"][0]["verdict"] = "undecided"
        report["milestones"][0]["proof"]["verdict"] = None
        report["changes"][1]["kind"] = "opaque"
        del report["schema"]
        report["more"] = True

    assert told(spoil) == [
        "differs: report.json: schema: nothing, and it comes to 1",
        'differs: report.json: milestones[0] (macros).proof.verdict: null, and it comes to "proved"',
        'differs: report.json: changes[1] (a.c rest meat new line 9).kind: "opaque", and it comes to "meat"',
        'differs: report.json: proofs[0] (a.c macros on).verdict: "undecided", and it comes to "proved"',
        "differs: report.json: totals.meat.added: 4, and it comes to 3",
        "differs: report.json: more: true, and it comes to nothing",
    ]


def test_a_row_that_is_missing_does_not_make_the_others_differ():
    lines = told(lambda report: report["changes"].pop(0))
    assert len(lines) == 1
    assert lines[0].startswith(
        "differs: report.json: changes[0] (a.c macros null-macro new line 3): nothing, and it comes to {"
    )


def test_one_and_true_are_not_the_same():
    assert told(lambda report: report.update(schema=True)) == [
        "differs: report.json: schema: true, and it comes to 1"
    ]


def test_another_spelling_is_another_file():
    text = json.dumps(REPORT).encode()
    (line,) = differences({"report.json": text + b"\n"}, {"report.json": text})
    assert line.startswith("differs: report.json: line 2: the end")
    (line,) = differences({"report.json": b"{"}, {"report.json": text})
    assert line.startswith("differs: report.json: it is no JSON")


def test_a_digest_is_told_by_its_row():
    rows = "path\tlayer\tstate\tmd5\tsha256\na.c\tbase\ton\t11\t22\na.c\tmacros\ton\t11\t22\n"
    wanted = {"digests.tsv": rows.encode()}
    spoilt = rows.replace("macros\ton\t11\t22", "macros\ton\t11\t23")
    assert differences({"digests.tsv": spoilt.encode()}, wanted) == [
        "differs: digests.tsv: line 3: a.c macros on: sha256 23, and it comes to 22"
    ]
    gone = rows.replace("a.c\tbase\ton\t11\t22\n", "b.c\tbase\ton\t11\t22\n")
    assert differences({"digests.tsv": gone.encode()}, wanted) == [
        "differs: digests.tsv: line 2 is missing: a.c base on",
        "differs: digests.tsv: line 2 is not expected: b.c base on",
    ]
    assert len(differences({"digests.tsv": rows.encode() + b"\n"}, wanted)) == 1


def test_a_patch_is_told_by_its_first_line_and_file():
    patch = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\xff\n"
    lines = differences({"01-a.patch": patch.replace(b"b\xff", b"c")}, {"01-a.patch": patch})
    assert lines == [r'differs: 01-a.patch: line 10 (in b/y): "+c", and it comes to "+b\\xff"']
    lines = differences({"01-a.patch": patch[: patch.index(b"--- a/y")]}, {"01-a.patch": patch})
    assert lines[0].endswith('the end, and it comes to "--- a/y"')


def test_files_are_missing_or_not_expected():
    assert differences({"a": b"", "b": b""}, {"b": b"", "c": b""}) == ["not expected: a", "missing: c"]
