"""Uploads are found by their token, for a while and within bounds."""

from panoseg.serving.picture_store import PictureStore


def test_a_file_is_found_by_its_token_alone():
    store = PictureStore()
    one, other = store.keep("a.jpg", b"aa"), store.keep("a.jpg", b"bb")
    assert store.find(one) == ("a.jpg", b"aa")
    assert store.find(other) == ("a.jpg", b"bb")
    assert store.find("") is store.find("a.jpg") is None
    assert len(one) >= 20 and one != other


def test_what_nobody_looks_at_goes_after_a_while():
    now = [0.0]
    store = PictureStore(seconds=10, clock=lambda: now[0])
    looked_at, forgotten = store.keep("a", b"a"), store.keep("b", b"b")
    for now[0] in (6.0, 12.0, 18.0):
        assert store.find(looked_at)
    assert store.find(forgotten) is None
    assert store.size == 3


def test_the_bytes_of_all_are_bounded_and_the_least_used_go_first():
    store = PictureStore(most_bytes=100)
    tokens = [store.keep("a", bytes(30)) for _ in range(3)]
    assert store.find(tokens[0])
    store.keep("a", bytes(30))
    assert store.find(tokens[0])
    assert store.find(tokens[1]) is None
    assert store.size <= 100


def test_what_is_larger_than_the_store_is_not_kept():
    store = PictureStore(most_bytes=100)
    kept = store.keep("a", bytes(30))
    assert store.find(store.keep("b", bytes(200))) is None
    assert store.find(kept)
