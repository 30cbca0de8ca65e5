import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.simulate.identifiers import (
    CITIZEN_CHECK,
    USCC_ALPHABET,
    citizen_check,
    organisation_check,
    uscc_check,
    valid_citizen_id,
    valid_uscc,
)


@pytest.mark.parametrize("code", ["11010519491231002X", "440524188001010014"])
def test_published_citizen_ids_are_valid(code: str) -> None:
    assert valid_citizen_id(np.array([code]))[0]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "11320000MB151840XJ"])
def test_published_credit_codes_are_valid(code: str) -> None:
    assert valid_uscc(np.array([code]))[0]


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91350100M000100Y44", "91350100M000100Y4", ""])
def test_wrong_credit_codes_are_found(code: str) -> None:
    assert not valid_uscc(np.array([code]))[0]


def test_the_inner_organisation_code_is_checked_too() -> None:
    body = "91350100M000100Y5"
    code = body + uscc_check(np.array([body]))[0]

    assert not valid_uscc(np.array([code]))[0]


@pytest.mark.parametrize("code", ["11010519491231002x", "1101051949123100", "１1010519491231002X", ""])
def test_wrong_forms_of_citizen_ids_are_found(code: str) -> None:
    assert not valid_citizen_id(np.array([code]))[0]


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_breaks_a_citizen_id(body: str, place: int, shift: int) -> None:
    code = body + citizen_check(np.array([body]))[0]
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]

    assert list(valid_citizen_id(np.array([code, wrong]))) == [True, False]
    assert code[-1] in CITIZEN_CHECK


@given(st.text(USCC_ALPHABET, min_size=8, max_size=8), st.integers(0, 16), st.integers(1, 30))
def test_any_single_wrong_character_breaks_a_credit_code(core: str, place: int, shift: int) -> None:
    body = "91990101" + core + organisation_check(np.array([core]))[0]
    code = body + uscc_check(np.array([body]))[0]
    other = USCC_ALPHABET[(USCC_ALPHABET.index(code[place]) + shift) % 31]

    assert list(valid_uscc(np.array([code, code[:place] + other + code[place + 1 :]]))) == [True, False]


def test_many_codes_at_once_equal_one_by_one() -> None:
    bodies = np.array(["11010519491231002", "44052418800101001"])

    assert list(citizen_check(bodies)) == ["X", "4"]


def test_a_foreign_character_is_refused() -> None:
    with pytest.raises(ValueError, match="only hold characters"):
        citizen_check(np.array(["1101051949123100A"]))
