"""The filters that show numbers, sums, areas and days on pages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from portfolio.web import show


@pytest.fixture
def page() -> Iterator[Flask]:
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    show.install(app)
    with app.test_request_context():
        yield app


VALUES = {
    "capital": Decimal("8033800000000.00"),
    "dollars": Decimal("20600000.00"),
    "land": Decimal("14.06185"),
    "on": date(2026, 11, 22),
    "at": datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    "count": 2841,
}


@pytest.mark.parametrize(
    ("template", "vi", "en"),
    [
        ("{{ capital|money }}", "8.033,8 tỷ đồng", "VND 8,033.8 billion"),
        ("{{ dollars|money('USD') }}", "20,6 triệu USD", "USD 20.6 million"),
        ("{{ capital|money(full=True) }}", "8.033.800.000.000 đồng", "VND 8,033,800,000,000"),
        ("{{ capital|money(decimals=0) }}", "8.034 tỷ đồng", "VND 8,034 billion"),
        ("{{ capital|billions }}", "8.033,8", "8,033.8"),
        ("{{ land|area }}", "14,06 ha", "14.06 ha"),
        ("{{ land|area(full=True) }}", "14,06185 ha", "14.06185 ha"),
        ("{{ count|number }}", "2.841", "2,841"),
        ("{{ land|number(1) }}", "14,1", "14.1"),
        ("{{ on|day }}", "22/11/2026", "22/11/2026"),
        ("{{ on|day('quarter') }}", "Quý IV/2026", "Q4 2026"),
        ("{{ on|day_long }}", "ngày 22 tháng 11 năm 2026", "22 November 2026"),
        ("{{ at|moment }}", "22/11/2026 14:05", "22/11/2026 14:05"),
        ("{{ (-43)|distance }}", "quá hạn 43 ngày", "43 days overdue"),
    ],
)
def test_filter_in_both_languages(page: Flask, template: str, vi: str, en: str) -> None:
    assert render_template_string(template, **VALUES) == vi
    with force_locale("en"):
        assert render_template_string(template, **VALUES) == en
    assert render_template_string(template, **VALUES) == vi


@pytest.mark.parametrize(
    "name", ["money", "billions", "area", "number", "day", "day_long", "moment", "distance"]
)
def test_what_is_not_known_is_shown_as_nothing(page: Flask, name: str) -> None:
    assert render_template_string(f"[{{{{ nothing|{name} }}}}]", nothing=None) == "[]"


def test_nothing_shown_needs_escaping(page: Flask) -> None:
    template = "{{ capital|money }} {{ land|area }} {{ on|day('half') }}"
    assert "&" not in render_template_string(template, **VALUES)


def test_other_languages_and_no_page_fall_back_to_vietnamese() -> None:
    assert show.number(2841) == "2.841"
    app = Flask(__name__)
    Babel(app, default_locale="ja")
    with app.test_request_context():
        assert show.number(2841) == "2.841"
