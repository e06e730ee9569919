"""A sealed value opens with its key, where it stands, as it was written; and in no other way."""

from __future__ import annotations

import pytest

from ombud.adapters.sealed import NAMED, NONCE, VERSION, Seal, Tampered, Unsealable, WrongKey

SECRET = b"a secret of thirty-two characters"
HERE = "identifier.value/7"


def test_what_is_sealed_is_read_again_and_not_to_be_seen() -> None:
    seal = Seal(SECRET)
    sealed = seal.seal(b"ada@x.example", HERE)
    assert b"ada" not in sealed
    assert sealed.startswith(VERSION)
    assert Seal(SECRET).open(sealed, HERE) == b"ada@x.example"


@pytest.mark.parametrize("text", ["", "Åsa Öberg", "half a pair \ud83d", "nul \x00 in it"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    seal = Seal(SECRET)
    assert seal.open_text(seal.seal_text(text, HERE), HERE) == text


def test_the_same_value_is_never_sealed_alike() -> None:
    seal = Seal(SECRET)
    assert seal.seal(b"x", HERE) != seal.seal(b"x", HERE)


def test_another_key_is_said_to_be_another_key() -> None:
    sealed = Seal(SECRET).seal(b"x", HERE)
    with pytest.raises(WrongKey, match="OMBUD_KEY"):
        Seal(b"another secret of the same length").open(sealed, HERE)


def test_a_value_moved_to_another_place_does_not_open() -> None:
    seal = Seal(SECRET)
    with pytest.raises(Tampered):
        seal.open(seal.seal(b"x", HERE), "identifier.value/8")


def test_no_byte_of_it_can_be_changed() -> None:
    seal = Seal(SECRET)
    sealed = seal.seal(b"ada", HERE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unsealable):
            seal.open(bytes(changed), HERE)


def test_no_end_of_it_can_be_cut() -> None:
    seal = Seal(SECRET)
    sealed = seal.seal(b"ada", HERE)
    for length in range(len(sealed)):
        with pytest.raises(Unsealable):
            seal.open(sealed[:length], HERE)


def test_randomness_is_asked_for_as_much_as_a_nonce_takes() -> None:
    asked: list[int] = []

    def given(length: int) -> bytes:
        asked.append(length)
        return bytes(length)

    sealed = Seal(SECRET, given).seal(b"", HERE)
    assert asked == [NONCE]
    assert sealed[len(VERSION) + NAMED :][:NONCE] == bytes(NONCE)


def test_neither_key_nor_value_is_printed() -> None:
    seal = Seal(SECRET)
    with pytest.raises(Unsealable) as trouble:
        seal.open(seal.seal(b"ada@x.example", HERE), "elsewhere")
    assert "secret of" not in repr(seal)
    assert "ada" not in f"{trouble.value!r}"
