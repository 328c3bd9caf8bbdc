"""What offices type is read; what can be read in two ways is asked about; what is wrong says how to mend it."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import FileStorage, MultiDict

from portfolio.notation.days import Precision
from portfolio.web.choices import UploadField
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    ProseField,
    Required,
    RowForm,
    SeveralField,
    TextField,
    TickField,
)
from tests.web.gallery import Listing


class Everything(RowForm):
    capital = MoneyField("Vốn đầu tư", [Required()], currencies=("VND", "USD"))
    area = AreaField("Diện tích")
    jobs = NumberField("Số lao động", whole=True, most=100_000)
    share = NumberField("Tỷ lệ góp vốn", most=100)
    issued_on = DayField("Ngày cấp", not_after=lambda: date(2026, 11, 22))
    due_on = DayField("Hạn", exact=False)
    name = TextField("Tên dự án", [Required()], longest=20)
    objective = ProseField("Mục tiêu", longest=40)
    listing = ChoiceField("Danh mục", [Required()], choices=Listing)
    zone = ChoiceField(
        "KKT, KCN", [Required()], choices=lambda: [(1, "Bờ Y"), (2, "Măng Đen")], coerce=int
    )
    missing = SeveralField("Thủ tục còn thiếu", choices=[("land", "Đất"), ("fire", "PCCC")])
    public = TickField("Công bố")


@pytest.fixture
def read(gallery: Flask):
    """A form read from what was typed, in a request in Vietnamese or English."""
    with gallery.test_request_context() as context:

        def reader(
            stored: dict[str, Any] | None = None, *, english: bool = False, **typed: Any
        ) -> Everything:
            context.babel_locale = None
            if english:
                with force_locale("en"):
                    form = Everything(MultiDict(typed), data=stored or {})
                    form.validate()
                    return form
            form = Everything(MultiDict(typed), data=stored or {})
            form.validate()
            return form

        yield reader


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("8.033,8", "8033800000000", "VND"),
        ("8033.8", "8033800000000", "VND"),
        ("1332", "1332000000000", "VND"),
        ("350 triệu", "350000000", "VND"),
        ("1,2 nghìn tỷ", "1200000000000", "VND"),
        ("20,6 triệu USD", "20600000", "USD"),
        ("  ８.０３３,８  ", "8033800000000", "VND"),
    ],
)
def test_money_is_read_as_offices_write_it(read, typed: str, amount: str, currency: str) -> None:
    field = read(capital=typed).capital
    assert not field.errors
    assert (field.data, field.currency) == (Decimal(amount), currency)
    assert field._value() == typed


def test_money_in_two_readings_is_asked_about_once(read) -> None:
    field = read(capital="5.345").capital
    assert field.data is None
    assert field.errors == ["5.345 có hai cách đọc: chọn cách đúng"]
    assert [(r.words, r.likely) for r in field.question] == [
        ("5.345,0 tỷ đồng (năm nghìn ba trăm bốn mươi lăm tỷ đồng)", True),
        ("5,345 tỷ đồng (năm tỷ ba trăm bốn mươi lăm triệu đồng)", False),
    ]
    for reading, amount in zip(field.question, (5_345_000_000_000, 5_345_000_000), strict=True):
        answered = read(**{"capital": "5.345", "capital-reading": reading.key}).capital
        assert not answered.errors
        assert answered.data == amount


def test_an_answer_to_another_text_counts_for_nothing(read) -> None:
    key = read(capital="5.345").capital.question[0].key
    changed = read(**{"capital": "7.123", "capital-reading": key}).capital
    assert changed.data is None
    assert changed.question


def test_the_likely_reading_follows_the_language(read) -> None:
    vietnamese, english = read(capital="5.345").capital, read(capital="5.345", english=True).capital
    assert vietnamese.question[0].value == 5_345_000_000_000
    assert english.question[0].value == 5_345_000_000


def test_what_stood_there_before_is_not_asked_about_again(read) -> None:
    stored = {"capital": Decimal(5_345_000_000_000)}
    assert read(stored, capital="5.345").capital.data == 5_345_000_000_000


@pytest.mark.parametrize(
    "amount",
    ["5345000000000", "312543000000", "8033800000000", "1000000000", "999", "312543210", "543000000", "1312543000000", "0", "12345678900000"],
)  # fmt: skip
def test_a_shown_sum_reads_back_as_itself_without_a_question(read, amount: str) -> None:
    shown = read({"capital": Decimal(amount)}).capital._value()
    again = read(capital=shown).capital
    assert not again.errors, shown
    assert again.data == Decimal(amount)


@pytest.mark.parametrize("amount", ["600000", "20600000", "1250.5"])
def test_a_shown_sum_in_dollars_reads_back_too(read, amount: str) -> None:
    shown = read({"capital": (Decimal(amount), "USD")}).capital._value()
    again = read(capital=shown).capital
    assert not again.errors, shown
    assert (again.data, again.currency) == (Decimal(amount), "USD")


@pytest.mark.parametrize("hectares", ["14.06185", "120.5", "3", "14.062", "1312.543", "0.0001"])
def test_a_shown_area_reads_back_as_itself_without_a_question(read, hectares: str) -> None:
    shown = read({"area": Decimal(hectares)}).area._value()
    again = read(area=shown).area
    assert not again.errors, shown
    assert again.data == Decimal(hectares)


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("capital", "", "Nhập vốn đầu tư"),
        ("capital", "   ", "Nhập vốn đầu tư"),
        ("capital", "5 EUR", "Nhập số tiền bằng VND, USD"),
        ("jobs", "2,5", "Nhập số nguyên, ví dụ 1250"),
        ("jobs", "100001", "Nhập số từ 0 đến 100.000"),
        ("share", "101", "Nhập số từ 0 đến 100"),
        ("issued_on", "23/11/2026", "Ngày không được sau 22/11/2026"),
        ("issued_on", "11/2026", "Nhập đủ ngày, tháng, năm, ví dụ 22/11/2026"),
        ("name", "Đ" * 21, "Nội dung dài quá 1 ký tự (tối đa 20)"),
        ("listing", "", "Chọn danh mục"),
        ("listing", "stolen", "Chọn một mục có trong danh sách"),
        ("zone", "", "Chọn KKT, KCN"),
        ("zone", "3", "Chọn một mục có trong danh sách"),
        ("zone", "x", "Chọn một mục có trong danh sách"),
        ("missing", "stolen", "Chọn một mục có trong danh sách"),
    ],
)
def test_errors_say_how_to_mend_and_keep_the_text(
    read, name: str, typed: str, message: str
) -> None:
    field = read(**{name: typed})[name]
    assert field.errors[0] == message
    if hasattr(field, "typed"):
        assert field._value() == typed


@pytest.mark.parametrize("typed", ["31/02/2026", "hôm qua", "2026-13-01"])
def test_impossible_dates_are_refused_and_kept(read, typed: str) -> None:
    field = read(issued_on=typed).issued_on
    assert len(field.errors) == 1
    assert field.data is None
    assert field._value() == typed


def test_days_keep_their_precision(read) -> None:
    field = read(due_on="quý IV/2027").due_on
    assert (field.data, field.precision) == (date(2027, 12, 31), Precision.QUARTER)
    shown = read({"due_on": (date(2027, 12, 31), Precision.QUARTER)}).due_on
    assert shown._value() == "Quý IV/2027"
    assert read({"issued_on": date(2019, 4, 2)}).issued_on._value() == "02/04/2019"


def test_numbers(read) -> None:
    assert read(jobs="1.250").jobs.data == 1250
    assert read(jobs="").jobs.data is None
    assert read(share="49,5").share.data == Decimal("49.5")
    assert read({"jobs": 1250}).jobs._value() == "1250"


def test_texts_are_composed_and_empty_ones_are_nothing(read) -> None:
    form = read(name="Ha\u0309i  Du\u031bo\u031bng\u200b", objective="  a \r\n b  ")
    assert form.name.data == "Hải Dương"
    assert form.objective.data == "a\nb"
    assert read(objective="  ").objective.data is None


def test_choices_become_what_they_stand_for(read) -> None:
    form = read(listing="licensed", zone="2", missing="land", public="y")
    assert form.listing.data is Listing.LICENSED
    assert form.zone.data == 2
    assert form.missing.data == ["land"]
    assert form.public.data is True
    assert [form.listing.say(), form.zone.say(), form.missing.say(), form.public.say()] == [
        "Đã cấp phép", "Măng Đen", "Đất", "Có",
    ]  # fmt: skip


def test_enum_members_are_chosen_when_the_form_shows_a_record(gallery: Flask) -> None:
    with gallery.test_request_context():
        form = Everything(data={"listing": Listing.REGISTERED, "zone": 1, "missing": ["fire"]})
        drawn = str(form.listing()), str(form.zone())
    assert 'selected value="registered"' in drawn[0]
    assert 'selected value="1"' in drawn[1]
    assert [option.selected for option in form.missing.options()] == [False, True]


class Upload(RowForm):
    paper = UploadField("Bản quét", kinds=("pdf", "image"), most_bytes=2_000_000)


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("quyết định.pdf", 10, None),
        ("ẢNH.JPEG", 10, None),
        ("a.pdf.exe", 10, "Không nhận loại tệp này; chọn tệp PDF, JPG, PNG"),
        ("a", 10, "Không nhận loại tệp này; chọn tệp PDF, JPG, PNG"),
        ("a.svg", 10, "Không nhận loại tệp này; chọn tệp PDF, JPG, PNG"),
        ("a.pdf", 2_000_001, "Tệp quá lớn; tối đa 2 MB"),
    ],
)
def test_files_are_judged_by_name_and_size(
    gallery: Flask, name: str, size: int, message: str | None
) -> None:
    with gallery.test_request_context():
        form = Upload(MultiDict({"paper": FileStorage(io.BytesIO(b"a" * size), name)}))
        form.validate()
        assert list(form.paper.errors) == ([] if message is None else [message])
        assert form.paper.data.stream.tell() == 0
        assert 'accept=".pdf,.jpg,.jpeg,.png"' in str(form.paper())
