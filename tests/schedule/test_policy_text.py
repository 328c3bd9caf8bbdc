"""The first policy and its holidays as they are shipped, and what a policy must be to be taken."""

import copy
from collections import Counter
from datetime import date, timedelta

import pytest

from portfolio.schedule.documents import BadDocument
from portfolio.schedule.policy_text import read_holidays, read_policy
from portfolio.schedule.rules import RULES
from tests.schedule.law import HOLIDAYS, HOLIDAYS_TEXT, POLICY, POLICY_TEXT, day

ROWS = HOLIDAYS_TEXT["holidays"]


def refusal(change) -> BadDocument:
    document = copy.deepcopy(POLICY_TEXT)
    change(document)
    with pytest.raises(BadDocument) as caught:
        read_policy(document, HOLIDAYS)
    return caught.value


class TestTheFirstPolicy:
    def test_it_says_when_and_from_what_it_was_adopted(self):
        assert (POLICY.version, POLICY.adopted_on) == (1, date(2026, 11, 22))
        assert "143/2025/QH15" in POLICY.source

    def test_every_rule_of_the_program_stands_in_it_and_the_other_way_round(self):
        assert set(RULES) | {"ADJ-CAP24"} == set(POLICY.rules)

    def test_every_severity_and_title_is_given(self):
        for rule in POLICY.rules.values():
            assert rule.severity in POLICY.severities
            assert rule.vi
            assert rule.en
            assert (rule.ground_for is not None) is (rule.severity == "ground")

    @pytest.mark.parametrize(
        ("rule", "setting", "value"),
        [
            ("INV-T24", "months", 24),
            ("INV-T24-WARN", "warning_months", [12, 18, 21]),
            ("ADJ-CAP24", "months", 24),
            ("TERM-END", "warning_months", [12, 6]),
            ("T-LOC6", "months", 6),
            ("T-NOCONTACT12", "months", 12),
            ("SUS-12", "months", 12),
            ("LAND-12", "months", 12),
            ("LAND-24", "months", 24),
            ("LAND-EXT", "extension_months", 24),
            ("LAND-RECOVER", "extension_months", 24),
            ("STALLED", "months", 12),
            ("REP-Q", "missed_in_a_row", 2),
        ],
    )
    def test_its_thresholds(self, rule, setting, value):
        assert POLICY.rules[rule].settings[setting] == value

    @pytest.mark.parametrize(
        ("rule", "on", "law", "article"),
        [
            ("INV-T24", "2026-02-28", None, None),
            ("INV-T24", "2026-03-01", "143/2025/QH15", "36.2.b"),
            ("ADJ-CAP24", "2020-12-31", None, None),
            ("ADJ-CAP24", "2021-01-01", "61/2020/QH14", "41.4"),
            ("ADJ-CAP24", "2026-03-01", "143/2025/QH15", "33.4"),
            ("LAND-12", "2014-06-30", None, None),
            ("LAND-12", "2014-07-01", "45/2013/QH13", "64.1.i"),
            ("LAND-24", "2024-07-31", "45/2013/QH13", "64.1.i"),
            ("LAND-24", "2024-08-01", "31/2024/QH15", "81.8"),
            ("T-LAND", "2026-02-28", "61/2020/QH14", "48.2.d"),
            ("T-LAND", "2026-03-01", "143/2025/QH15", "36.2.đ"),
            ("T-DISSOLVED", "2026-02-28", None, None),
            ("T-DISSOLVED", "2026-03-01", "143/2025/QH15", "36.2.i"),
            ("TERM-END", "2026-03-01", "143/2025/QH15", "36.1.c"),
            ("REP-Q", "2026-02-28", "61/2020/QH14", "72"),
            ("REP-Q", "2026-03-01", "143/2025/QH15", "47"),
            ("STALLED", "2012-01-01", "house", "house"),
        ],
    )
    def test_its_articles_are_those_in_force_on_the_day(self, rule, on, law, article):
        found = POLICY.rules[rule].article_on(day(on))
        assert (found.law.number, found.article) == (law, article) if law and found else not found

    def test_the_causes_that_stop_a_clock_are_the_points_of_article_33_4(self):
        assert POLICY.pausing_causes == {"a", "b", "c", "d", "g"}
        assert {cause.side for cause in POLICY.causes.values()} == {
            "state",
            "investor",
            "objective",
        }
        assert POLICY.causes["b"].side == "state"
        assert not POLICY.causes["investor_finance"].pauses

    def test_grounds_and_reviews_make_the_review_list(self):
        assert POLICY.review_severities == {"ground", "review"}

    def test_its_bands_leave_no_month_out(self):
        bands = [(band.name, band.least, band.most) for band in POLICY.bands]
        assert bands == [
            ("1-12", 1, 12),
            ("13-24", 13, 24),
            ("25-60", 25, 60),
            ("61+", 61, float("inf")),
        ]

    def test_it_can_be_kept_as_json(self):
        def kinds(value):
            if isinstance(value, dict):
                return {type(k) for k in value} | {k for one in value.values() for k in kinds(one)}
            if isinstance(value, list):
                return {kind for one in value for kind in kinds(one)}
            return {type(value)}

        assert kinds(POLICY_TEXT) <= {str, int, bool}


class TestReading:
    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("colour", lambda p: p.update(colour="red")),
            ("version", lambda p: p.update(version="1")),
            ("source", lambda p: p.pop("source")),
            ("laws[0].number", lambda p: p["laws"][0].pop("number")),
            ("rules[1].severity", lambda p: p["rules"][1].update(severity="fatal")),
            ("rules[1].articles[3].law", lambda p: p["rules"][1]["articles"][3].update(law="1/1")),
            ("rules[1].articles", lambda p: p["rules"][1]["articles"].reverse()),
            ("rules[2].articles", lambda p: p["rules"][2].update(articles=[])),
            (
                "rules[3].articles[0].from",
                lambda p: p["rules"][3]["articles"][0].update({"from": "2026-02-30"}),
            ),
            (
                "stop_clock_causes[0].side",
                lambda p: p["stop_clock_causes"][0].update(side="nobody"),
            ),
            ("severities", lambda p: p.update(severities=[1])),
            ("rules[3].settings", lambda p: p["rules"][3].update(settings=[24])),
        ],
    )
    def test_a_policy_that_is_not_whole_is_refused_with_the_path(self, path, change):
        assert refusal(change).path == path

    def test_a_threshold_is_data(self):
        document = copy.deepcopy(POLICY_TEXT)
        next(rule for rule in document["rules"] if rule["id"] == "LAND-12")["settings"][
            "months"
        ] = 6
        assert read_policy(document, HOLIDAYS).rules["LAND-12"].months == 6
        assert POLICY.rules["LAND-12"].months == 12

    @pytest.mark.parametrize("row", [{}, {"date": "2026-02-30"}, {"date": "2026-01-01", "day": 1}])
    def test_a_holiday_must_have_its_day(self, row):
        with pytest.raises(BadDocument, match=r"holidays\[0\]"):
            read_holidays({"holidays": [row]})


class TestHolidays:
    def test_each_has_its_day_name_kind_and_source(self):
        for row in ROWS:
            assert isinstance(row["date"], date)
            assert row["name"].strip()
            assert row["kind"] in {"statutory", "lunar", "compensatory", "swapped"}
            assert row["source"].strip()
        assert len({row["date"] for row in ROWS}) == len(ROWS)

    def test_there_is_a_table_for_2020_to_2026_and_none_for_a_year_not_announced(self):
        assert HOLIDAYS.years == set(range(2020, 2027))

    @pytest.mark.parametrize("year", range(2020, 2027))
    def test_the_fixed_days_stand_in_every_year(self, year):
        fixed = [(1, 1), (4, 30), (5, 1), (9, 2)] + ([(11, 24)] if year >= 2026 else [])
        assert all(date(year, month, number) in HOLIDAYS.days for month, number in fixed)

    @pytest.mark.parametrize("year", range(2020, 2027))
    def test_a_year_has_its_days_off_on_weekdays(self, year):
        """Ten or more days of the Labour Code, each on a weekday or made good on one."""
        days = 10 + (year >= 2021) + (year >= 2026)
        off = [r for r in ROWS if r["date"].year == year and r["kind"] != "swapped"]
        weekdays = [row for row in off if row["date"].weekday() < 5]
        assert len(weekdays) == days, year

    @pytest.mark.parametrize(
        ("first_day_of_the_year", "hung_kings"),
        [
            ("2020-01-25", "2020-04-02"),
            ("2021-02-12", "2021-04-21"),
            ("2022-02-01", "2022-04-10"),
            ("2023-01-22", "2023-04-29"),
            ("2024-02-10", "2024-04-18"),
            ("2025-01-29", "2025-04-07"),
            ("2026-02-17", "2026-04-26"),
        ],
    )
    def test_the_lunar_days(self, first_day_of_the_year, hung_kings):
        assert {day(first_day_of_the_year), day(hung_kings)} <= HOLIDAYS.days
        eve = day(first_day_of_the_year) - timedelta(1)
        assert eve in HOLIDAYS.days

    def test_days_made_good_and_swapped_are_weekdays(self):
        kinds = Counter(row["kind"] for row in ROWS if row["date"].weekday() >= 5)
        assert set(kinds) <= {"statutory", "lunar"}
