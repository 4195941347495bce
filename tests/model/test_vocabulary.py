from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.vocabulary import UNKNOWN, Vocabulary

ANY_TEXT = st.text(st.characters())  # lone surrogates included


@given(ANY_TEXT)
def test_a_text_survives_its_own_vocabulary(text: str) -> None:
    vocabulary = Vocabulary.of(text)

    assert vocabulary.decode(vocabulary.encode(text)) == text


@given(ANY_TEXT, ANY_TEXT)
def test_every_character_has_one_id_and_strangers_share_id_0(known: str, text: str) -> None:
    vocabulary = Vocabulary.of(known)

    ids = vocabulary.encode(text)

    assert len(ids) == len(text)
    assert ids.dtype == np.int32
    assert [bool(i) for i in ids] == [c in known for c in text]
    assert vocabulary.decode(ids) == "".join(c for c in text if c in known)


@given(st.permutations("zya🙂é"))
def test_ids_follow_the_vocabulary_s_own_order(characters: list[str]) -> None:
    """Fine-tuning appends new characters, so the order need not be that of code points."""
    vocabulary = Vocabulary("".join(characters))

    assert vocabulary.encode("".join(characters)).tolist() == [1, 2, 3, 4, 5]


def test_unknown_characters_are_named_once_in_order() -> None:
    assert Vocabulary.of("abc").unknown_in("xaybxz") == "xyz"


def test_id_0_is_never_written() -> None:
    assert Vocabulary.of("ab").decode([UNKNOWN, 1, UNKNOWN, 2]) == "ab"


def test_a_character_stands_once_in_a_vocabulary() -> None:
    with pytest.raises(ValueError, match="twice"):
        Vocabulary("aba")
