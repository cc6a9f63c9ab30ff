from __future__ import annotations

from reviews.ingest.uids import Fresh, Known, give_uids


def fresh(*fingerprints: str, milestone: int = 1) -> Fresh:
    return Fresh(seed=f"main/{milestone}", milestone_id=milestone, fingerprints=frozenset(fingerprints))


def known(uid: str, *fingerprints: str, milestone: int = 1) -> Known:
    return Known(uid=uid, milestone_id=milestone, fingerprints=frozenset(fingerprints))


def uids(new: list[Fresh], old: list[Known]) -> list[str]:
    return [one.uid for one in give_uids(new, old)]


def test_a_chunk_with_half_of_its_changes_from_another_milestone_is_new() -> None:
    assert uids([fresh("a", "b", milestone=2)], [known("old", "a", "b")]) != ["old"]


def test_less_than_half_is_not_enough() -> None:
    (given,) = give_uids([fresh("a", "b", "c")], [known("old", "a")])
    assert given.uid != "old"
    assert given.predecessors == ("old",)


def test_half_is_enough() -> None:
    assert uids([fresh("a", "b", "c", "d")], [known("old", "a", "b")]) == ["old"]


def test_the_one_that_shares_most_inherits_and_no_uid_is_given_twice() -> None:
    first, second = give_uids([fresh("a"), fresh("b", "c")], [known("old", "a", "b", "c")])
    assert second.uid == "old"
    assert first.uid != "old"
    assert first.predecessors == ("old",)


def test_a_merged_chunk_names_the_other_it_grew_from() -> None:
    (given,) = give_uids([fresh("a", "b", "c")], [known("x", "a", "b"), known("y", "c")])
    assert (given.uid, given.predecessors) == ("x", ("y",))


def test_a_new_uid_is_the_same_in_every_run_and_fits_an_address() -> None:
    first, second = uids([fresh("a"), fresh("b")], []), uids([fresh("a"), fresh("b")], [])
    assert first == second
    assert len(set(first)) == 2
    assert all(len(uid) == 10 and uid.isalnum() and uid.islower() for uid in first)


def test_equal_chunks_get_two_uids() -> None:
    assert len(set(uids([fresh("a"), fresh("a")], []))) == 2
