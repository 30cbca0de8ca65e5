"""The address of a page: what is allowed in, and that it comes out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.address import NO_SUCH, Address, parse

ADDRESSES = st.builds(
    Address,
    path=st.sampled_from(["/", "/theme/population", "/quality", "/runs"]),
    region=st.sampled_from(["", "440000", "370100"]),
    indicator=st.sampled_from(["", "population.births"]),
    breakdown=st.sampled_from(["", "age=65+|sex=f", "product=hog|stage=farm_gate"]),
    period=st.sampled_from(["", "2020", "2026-Q1", "2026-03-T2", "2026-W07", "2026-03-08"]),
    release=st.sampled_from(["", "r-20260630-01"]),
    lang=st.sampled_from(["zh", "en"]),
    dress=st.sampled_from(["office", "wall"]),
)


@given(ADDRESSES)
def test_address_comes_back_from_its_own_link(address: Address) -> None:
    path, _, query = address.href.partition("?")

    assert parse(path, f"?{query}") == address


def test_default_address_has_no_query() -> None:
    assert Address().href == "/"


@given(st.text(max_size=40))
def test_text_that_is_not_allowed_is_dropped(text: str) -> None:
    given_search = "?region=<script>&lang=fr&dress=" + text.replace("&", "").replace("wall", "").replace(
        "office", ""
    )

    address = parse("/", given_search)

    assert (address.region, address.lang, address.dress) == (NO_SUCH, "zh", "office")


@pytest.mark.parametrize(
    "query", ["release=<script>", "release=" + "r" * 81, "region=44", "region=四四〇〇〇〇"]
)
def test_a_malformed_release_or_region_never_shows_the_default(query: str) -> None:
    name = query.split("=")[0]
    assert getattr(parse("/", f"?{query}"), name) == NO_SUCH


def test_another_page_keeps_reader_and_drops_filters() -> None:
    here = Address("/theme/population", "440100", "population.births", "sex=f", "2020", "r-1", "en", "wall")

    assert here.page("/quality") == Address("/quality", "440100", release="r-1", lang="en", dress="wall")
