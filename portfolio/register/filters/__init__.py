"""The filters of the register: each knows its place in the address, its SQL and its sentence.

So the list, the chip that removes a filter, the heading of a workbook and the subtitle of a paper all
say the same. `read_filters` makes them from an address; what cannot be read is reported at its field
and left out, and the list is shown without it.
"""

from collections.abc import Mapping

from portfolio.register.filters.answers import (
    ListingFilter,
    RuleFilter,
    SeverityFilter,
    SourceFilter,
    StageFilter,
    StateFilter,
)
from portfolio.register.filters.delays import (
    IdleFilter,
    LateFirstFilter,
    LateLatestFilter,
    NewsFilter,
    SilenceFilter,
)
from portfolio.register.filters.filter import Filter, Reading, Unclear
from portfolio.register.filters.followed import FollowedFilter
from portfolio.register.filters.marks import CauseFilter, MarkFilter, SideFilter
from portfolio.register.filters.places import (
    InvestorFilter,
    PlaceFilter,
    SectorFilter,
    ZoneFilter,
)
from portfolio.register.filters.typed import (
    CapitalFilter,
    ChangedFilter,
    InvestorNameFilter,
    TextFilter,
)

__all__ = [
    "FILTERS",
    "NAMES",
    "Filter",
    "Reading",
    "TextFilter",
    "Unclear",
    "ZoneFilter",
    "read_filters",
]

FILTERS: tuple[type[Filter], ...] = (
    TextFilter,
    ListingFilter,
    StageFilter,
    ZoneFilter,
    FollowedFilter,
    PlaceFilter,
    SectorFilter,
    CapitalFilter,
    StateFilter,
    SeverityFilter,
    RuleFilter,
    MarkFilter,
    CauseFilter,
    SideFilter,
    LateFirstFilter,
    LateLatestFilter,
    SilenceFilter,
    IdleFilter,
    InvestorFilter,
    InvestorNameFilter,
    SourceFilter,
    ChangedFilter,
    NewsFilter,
)
"""All filters, in the order of their chips and of the sentence."""

NAMES = frozenset(name for kind in FILTERS for name in kind.names)


def read_filters(
    args: Mapping[str, str], reading: Reading
) -> tuple[tuple[Filter, ...], dict[str, Unclear]]:
    """The filters of an address, and what could not be read by the field it stands in."""
    found: list[Filter] = []
    unclear: dict[str, Unclear] = {}
    for kind in FILTERS:
        try:
            one = kind.read(args, reading)
        except Unclear as problem:
            unclear[problem.name] = problem
        else:
            if one is not None:
                found.append(one)
    return tuple(found), unclear
