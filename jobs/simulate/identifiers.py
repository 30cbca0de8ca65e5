"""Check characters of identity numbers, for whole arrays at once.

Sources: GB 11643-1999 公民身份号码 (ISO 7064 MOD 11-2); GB 32100-2015 统一社会信用代码 (weights 3^i,
modulo 31); GB 11714-1997 全国组织机构代码 (modulo 11).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Text = NDArray[np.str_]

CITIZEN_CHECK = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CITIZEN_WEIGHTS = np.array([pow(2, 17 - i, 11) for i in range(17)])
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


def citizen_check(body: Text) -> Text:
    """Check character of each 17-digit body of a citizen identity number (GB 11643).

    `body`: (n,) texts of 17 digits. Returns (n,) single characters. Raises ValueError on any other character.
    """
    values = _values(body, 17, "0123456789")
    return np.array(list(CITIZEN_CHECK))[(values @ _CITIZEN_WEIGHTS) % 11]


def organisation_check(body: Text) -> Text:
    """Check character of each 8-character organisation code (GB 11714): 11 - sum modulo 11, 10 → X, 11 → 0.

    `body`: (n,) texts of 8 characters 0-9 A-Z. Returns (n,) single characters. Raises ValueError otherwise.
    """
    values = _values(body, 8, ORGANISATION_ALPHABET)
    return np.array(list("0123456789X"))[-(values @ _ORGANISATION_WEIGHTS) % 11]


def uscc_check(body: Text) -> Text:
    """Check character of each 17-character body of a unified social credit code (GB 32100).

    `body`: (n,) texts of 17 characters of `USCC_ALPHABET`. Returns (n,) single characters.
    Raises ValueError on any other character.
    """
    values = _values(body, 17, USCC_ALPHABET)
    return np.array(list(USCC_ALPHABET))[-(values @ _USCC_WEIGHTS) % 31]


def valid_citizen_id(codes: Text) -> NDArray[np.bool_]:
    """Which of (n,) texts are 18 characters whose last is the check character of the 17 digits before it."""
    return _valid(codes, 18, "0123456789", citizen_check)


def valid_uscc(codes: Text) -> NDArray[np.bool_]:
    """Which of (n,) texts are 18 characters with a right outer check and a right inner organisation code."""
    outer = _valid(codes, 18, USCC_ALPHABET, uscc_check)
    inner = np.array([code[8:17] for code in codes], dtype=str)
    return outer & _valid(inner, 9, ORGANISATION_ALPHABET, organisation_check)


def _valid(codes: Text, length: int, alphabet: str, check: Callable[[Text], Text]) -> NDArray[np.bool_]:
    allowed = set(alphabet)
    shaped = np.array([len(code) == length and set(code[:-1]) <= allowed for code in codes], dtype=bool)
    result = np.zeros(len(codes), dtype=bool)
    if shaped.any():
        candidates = np.asarray(codes, dtype=f"<U{length}")[shaped]
        bodies = candidates.astype(f"<U{length - 1}")
        result[shaped] = np.char.add(bodies, check(bodies)) == candidates
    return result


def _values(body: Text, length: int, alphabet: str) -> NDArray[np.int64]:
    """Position in the alphabet of every character: (n,) texts → (n, length) numbers."""
    texts = np.asarray(body, dtype=str)
    if texts.size and not (np.char.str_len(texts) == length).all():
        raise ValueError(f"every body must have {length} characters")
    characters = texts.astype(f"<U{length}").view(np.uint32).reshape(-1, length)
    table = np.full(128, -1)
    table[[ord(character) for character in alphabet]] = np.arange(len(alphabet))
    values = np.where(characters < 128, table[np.minimum(characters, 127)], -1)
    if (values < 0).any():
        raise ValueError(f"a body may only hold characters of {alphabet}")
    return values
