"""Sums and comparisons: what is not stated is counted as lacking, never as zero."""

from dataclasses import replace
from decimal import Decimal

from portfolio.catalogue.offer import Capital, Group, Land, Prose
from portfolio.catalogue.overview import (
    add_up,
    bars,
    capital_of,
    capital_shares,
    hectares_of,
    in_groups,
    stand_among,
)
from tests.catalogue.samples import (
    ALL,
    BARE,
    BILLION,
    ENERGY,
    FARMING,
    IN_DOLLARS,
    LONG,
    RICH,
    SMALL,
    WORDS_ONLY,
)


def test_capital_in_dong_is_what_can_be_added_up() -> None:
    assert Capital(Decimal(5)).in_dong == 5
    assert Capital(Decimal(5), "USD", Decimal(125)).in_dong == 125
    assert Capital(Decimal(5), "USD").in_dong is None
    assert Capital(printed="chưa xác định").in_dong is None
    # A rate was recorded for a sum in dong as well: the recorded value wins.
    assert Capital(Decimal(5), "VND", Decimal(6)).in_dong == 6


def test_totals_tell_how_many_state_a_figure() -> None:
    totals = add_up([RICH, BARE, WORDS_ONLY, IN_DOLLARS])
    assert totals.count == 4
    assert (totals.capital, totals.with_capital, totals.without_capital) == (794 * BILLION, 2, 2)
    assert (totals.hectares, totals.with_area, totals.without_area) == (Decimal("168.5"), 2, 2)


def test_nothing_adds_up_to_nothing() -> None:
    totals = add_up([])
    assert (totals.count, totals.capital, totals.with_capital) == (0, 0, 0)


def test_groups_come_by_rank_then_name_and_strangers_last() -> None:
    unranked = replace(BARE, sector=Group("b", Prose("Y tế"), 1))
    found = in_groups([BARE, RICH, unranked, LONG], lambda offer: offer.sector, str)
    assert [group.key if group else None for group, _ in found] == ["farming", "energy", "b", None]
    assert [offer.code for offer in found[3][1]] == ["MAU-0002"]


def test_bars_are_as_long_as_their_share_of_the_largest_group() -> None:
    found = bars([(ENERGY, [RICH, *SMALL[:3]]), (FARMING, [LONG]), (None, [BARE])])
    assert [bar.share for bar in found] == [1.0, 0.25, 0.25]
    assert [bar.name.text if bar.name else None for bar in found] == [
        "Năng lượng",
        "Nông nghiệp",
        None,
    ]
    assert bars([]) == []


def test_standing_is_logarithmic_and_ranked_from_the_largest() -> None:
    standing = stand_among(SMALL[1], SMALL, capital_of)
    assert standing is not None
    assert standing.own == 0.3333
    assert standing.others == (0.0, 0.6667, 1.0)
    assert (standing.rank, standing.count) == (3, 4)
    assert (standing.lowest, standing.highest) == (10 * BILLION, 80 * BILLION)


def test_no_standing_without_enough_to_compare() -> None:
    assert stand_among(SMALL[0], SMALL[:3], capital_of) is None
    assert stand_among(BARE, [BARE, *SMALL], capital_of) is None
    same = [replace(SMALL[0], code=str(number)) for number in range(5)]
    assert stand_among(same[0], same, capital_of) is None
    # A figure of zero has no place on a logarithmic line.
    assert stand_among(replace(SMALL[0], capital=Capital(Decimal())), SMALL, capital_of) is None


def test_equal_figures_share_the_better_rank() -> None:
    twin = replace(SMALL[3], code="twin")
    standing = stand_among(SMALL[3], [*SMALL, twin], capital_of)
    assert standing is not None
    assert standing.rank == 1


def test_hectares_and_shares() -> None:
    assert hectares_of(replace(BARE, land=Land(Decimal(3)))) == 3
    assert hectares_of(WORDS_ONLY) is None
    assert capital_shares([*SMALL, BARE]) == {
        "MAU-0010": 0.125,
        "MAU-0020": 0.25,
        "MAU-0040": 0.5,
        "MAU-0080": 1.0,
    }
    assert capital_shares([BARE]) == {}
    assert len(ALL) == 9
