"""A small program that shows every macro, field and error page, for the tests of the look.

It has no subject: its texts are long Vietnamese sentences of the kind the register holds.
``python -m tests.web.gallery`` serves it on port 5005 to be looked at.
"""

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import LoginManager, current_user, login_user
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Forbidden
from wtforms import FieldList, FormField

from portfolio import database, web
from portfolio.database import Base
from portfolio.database import session as db
from portfolio.notation.days import Precision
from portfolio.settings import CHECKOUT, read_settings
from portfolio.web import parked
from portfolio.web.clock import today
from portfolio.web.error_pages import while_read_only
from portfolio.web.errors import Conflict, HiddenRecord, TooMany
from portfolio.web.fields import (
    AreaField,
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    PortfolioForm,
    ProseField,
    Required,
    RowForm,
    SeveralField,
    TextField,
    TickField,
    UploadField,
)
from portfolio.web.headers import takes_attachment
from portfolio.web.once import SpentForm
from portfolio.web.parked import ParkedForm

KEY = "a key that only the gallery uses, nobody else"


class Listing(enum.StrEnum):
    SOLICITED = "solicited"
    REGISTERED = "registered"
    LICENSED = "licensed"

    @property
    def label(self) -> str:
        return {"solicited": "Kêu gọi đầu tư", "registered": "Nhà đầu tư đăng ký"}.get(
            self, "Đã cấp phép"
        )


class Person:
    """Stands for the office's user."""

    is_authenticated = is_active = True
    is_anonymous = False
    language = None
    name = "Nguyễn Thị Thuý Hằng"
    office = SimpleNamespace(name="Ban Quản lý Khu kinh tế tỉnh Quảng Ngãi")

    def __init__(self, key: int) -> None:
        self.id = key

    def get_id(self) -> str:
        return str(self.id)


class MilestoneRow(RowForm):
    name = TextField("Tên mốc", [Required()])
    due_on = DayField("Hạn", exact=False)


class ProjectForm(PortfolioForm):
    name = TextField(
        "Tên dự án",
        [Required()],
        description="Ghi như trong giấy chứng nhận hoặc văn bản chấp thuận chủ trương đầu tư",
    )
    listing = ChoiceField(
        "Danh mục",
        [Required()],
        choices=Listing,
        shape="radios",
        hints={"solicited": "Tỉnh đang tìm nhà đầu tư", "licensed": "Đã có văn bản chấp thuận"},
    )
    zone = ChoiceField(
        "Khu",
        choices={
            "Khu kinh tế": [(1, "Khu kinh tế cửa khẩu quốc tế Bờ Y")],
            "Vùng động lực": [(2, "Khu du lịch sinh thái quốc gia Măng Đen")],
        },
        coerce=int,
        blank="Ngoài khu",
    )
    capital = MoneyField(
        "Tổng vốn đầu tư (tỷ đồng)",
        [Required()],
        currencies=("VND", "USD"),
        description="Ví dụ 8.033,8 hoặc 20,6 triệu USD",
    )
    area = AreaField("Diện tích đất (ha)", description="Ví dụ 120,5 hoặc 140.618,5 m²")
    issued_on = DayField("Ngày cấp", not_after=today, description="Ví dụ 22/11/2026")
    due_on = DayField("Hạn đưa vào hoạt động", exact=False, description="Ví dụ quý IV/2027")
    jobs = NumberField("Số lao động dự kiến", whole=True, most=100_000)
    objective = ProseField("Mục tiêu, quy mô dự án", longest=400)
    fields_of_law = SeveralField(
        "Thủ tục còn thiếu",
        choices=[
            ("land", "Giao đất, cho thuê đất"),
            ("fire", "Thẩm duyệt phòng cháy, chữa cháy"),
            ("environment", "Báo cáo đánh giá tác động môi trường"),
        ],
    )
    paper = UploadField("Bản quét văn bản")
    public = TickField("Công bố trong danh mục kêu gọi đầu tư")
    milestones = FieldList(FormField(MilestoneRow), min_entries=0)


STORED: dict[str, Any] = {
    "name": "Nhà máy chế biến dược liệu và sâm Ngọc Linh công nghệ cao Đăk Tô – giai đoạn 2",
    "listing": Listing.LICENSED,
    "zone": 2,
    "capital": Decimal(3_127_600_000_000),
    "area": Decimal("14.06185"),
    "issued_on": date(2019, 4, 12),
    "due_on": (date(2027, 12, 31), Precision.QUARTER),
    "jobs": 1250,
    "objective": "Trồng, thu mua và chế biến sâm Ngọc Linh.",
    "fields_of_law": ["land"],
    "public": True,
}

CHANGED_BY_ANOTHER: dict[str, Any] = {
    "objective": "Trồng và chế biến sâm; <b>bổ sung</b> nhà máy sơ chế.",
    "capital": Decimal(5_400_000_000_000),
    "jobs": 900,
    "fields_of_law": ["fire", "environment"],
}

ROWS = [
    ("KT-0014", "Khu đô thị – du lịch sinh thái và nghỉ dưỡng hồ Đam Bri, thị trấn Măng Đen (nay là xã Măng Đen)",
     "Công ty cổ phần Đầu tư và Phát triển Du lịch sinh thái Ngọc Ẩn Kon Plông", "Khu du lịch sinh thái quốc gia Măng Đen",
     "Du lịch, nghỉ dưỡng", "8.033,8", "31/12/2025", ("Đang triển khai xây dựng", "run"),
     [("red", "Quá 24 tháng chưa đưa vào hoạt động"), ("amber", "Quá hạn báo cáo quý III/2026")]),
    ("KT-0102", "Nhà máy thuỷ điện Đăk Psi 6", "Tổng công ty Năng lượng Đăk Psi", "Ngoài khu", "Năng lượng", "312,5",
     "15/03/2025", ("Đang hoạt động", "ok"), []),
    ("KT-0007", "Trung tâm logistics cửa khẩu quốc tế Bờ Y", "Liên danh Ngọc Hồi – Phước Ẩn", "Khu kinh tế cửa khẩu Bờ Y",
     "Kho bãi, vận tải", "1.186,0", "quý IV/2026", ("Tạm ngừng", "off"), [("amber", "Sắp đến hạn (39 ngày)")]),
    ("KT-0230", "Vùng trồng cây dược liệu dưới tán rừng và nhà máy sơ chế Tu Mơ Rông", "Công ty TNHH Dược liệu Tu Mơ Rông",
     "Khu nông nghiệp ứng dụng công nghệ cao", "Nông nghiệp", "86,2", "31/03/2027", ("Thu hồi", "stop"),
     [("grey", "Đã đóng: thu hồi ngày 14/08/2026")]),
]  # fmt: skip


pages = Blueprint("gallery", __name__)
TABLES = [ParkedForm.__table__, SpentForm.__table__]


def create_gallery(database_url: str, **settings: object) -> Flask:
    """The gallery program with its own small database."""
    app = Flask("portfolio", template_folder=str(CHECKOUT / "templates"))
    app.config.update(
        read_settings({}, {"SECRET_KEY": KEY, "DATABASE_URL": database_url} | settings)
    )
    database.install(app)
    web.install(app)
    login = LoginManager(app)
    login.user_loader(lambda key: Person(int(key)))
    login.unauthorized_handler(parked.send_to_sign_in)
    web.know_people(app, may=lambda user, _p: user.is_authenticated, last_user=_last_user)
    app.jinja_loader.searchpath.append(str(Path(__file__).parent))  # type: ignore[union-attr]
    app.register_blueprint(pages)
    app.extensions["saved"] = []
    Base.metadata.create_all(app.extensions["database"].engine, tables=TABLES)
    return app


def _last_user() -> int | None:
    return int(request.cookies["who"]) if "who" in request.cookies else None


def closed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Stands for the office's `needs`."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    guarded.permission = "read"  # type: ignore[attr-defined]
    return guarded


@pages.get("/sign-in")
def sign_in() -> str:
    return render_template("web/refused.html", title="Đăng nhập", text="")


@pages.post("/sign-in")
@while_read_only
def do_sign_in() -> Any:
    login_user(Person(int(request.form.get("user", "1"))))
    return redirect(parked.way_back(request.args.get("parked")) or "/projects", 303)


@pages.post("/sign-out")
@while_read_only
def sign_out() -> Any:
    session.clear()
    return redirect("/sign-in", 303)


@pages.get("/projects")
@closed
def projects() -> str:
    flash("Đã lưu dự án KT-0014. Tổng vốn đầu tư: 8.033,8 tỷ đồng.", "saved")
    return render_template("gallery_list.html", rows=ROWS * 3)


@pages.get("/review-list", endpoint="review_list")
@pages.get("/catalogue", endpoint="catalogue")
@pages.get("/jobs", endpoint="jobs")
@pages.get("/users", endpoint="users")
@pages.get("/zones", endpoint="zones")
@pages.get("/account", endpoint="account")
@pages.get("/help", endpoint="help")
@closed
def nothing_found() -> str:
    return render_template("gallery_list.html", rows=[])


@pages.get("/project")
@closed
def project() -> str:
    return render_template("gallery_project.html")


@pages.get("/jobs/1.json")
@closed
def job() -> Any:
    return {"state": "Đang dựng trang 40 trong 79", "done": 40, "total": 79, "finished": False}


def _form() -> ProjectForm:
    return ProjectForm(data=STORED | {"version": 7})


@pages.get("/form")
@closed
def form() -> str:
    return render_template("gallery_form.html", form=_form())


@pages.post("/form")
@closed
@takes_attachment
def save_form() -> Any:
    """Saves under version 7; with ``?stale=1`` another person has saved version 8 in the meantime."""
    form = _form()
    if earlier := form.earlier_result():
        return redirect(earlier, 303)
    if not form.validate():
        return render_template("gallery_form.html", form=form), 422
    if form.is_stale(8 if "stale" in request.args else 7):
        raise form.stale(
            ProjectForm(formdata=None, data=STORED | CHANGED_BY_ANOTHER),
            base=ProjectForm(formdata=None, data=STORED),
            version=8,
            by="Lê Quốc Ấn",
            at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
            back="/form",
        )
    saved = current_app.extensions["saved"]
    result = url_for("gallery.project", number=len(saved) + 1)
    form.spend(result)
    db().commit()
    saved.append(form.data)
    for reading in form.readings():
        flash(reading, "saved")
    return redirect(result, 303)


@pages.post("/press")
@closed
def press() -> Any:
    """A button without a page of its own."""
    return redirect("/projects", 303)


@pages.get("/refusing-form", endpoint="refusing_form")
@closed
def show_refusing_form() -> str:
    return render_template("gallery_form.html", form=_form())


@pages.post("/refusing-form")
@pages.post("/press-wrongly")
@closed
def refuse() -> Any:
    raise KnownNumber(number="3862145790")


@pages.get("/wrong/<kind>")
@pages.post("/wrong/<kind>")
def wrong(kind: str) -> Any:
    """Goes wrong in the way that is asked for."""
    error = WRONG[kind]()
    raise error


class KnownNumber(Conflict):
    message = "Certificate number %(number)s is already recorded."


def _bug() -> Exception:
    return ZeroDivisionError("division of the secret by zero")


WRONG: dict[str, Callable[[], Exception]] = {
    "hidden": HiddenRecord,
    "known": lambda: KnownNumber(number="3862145790"),
    "often": lambda: TooMany(seconds=30),
    "bug": _bug,
    "forbidden": Forbidden,
    "stale-row": lambda: StaleDataError("1 row expected"),
    "pool": lambda: PoolTimeout("no connection"),
}


if __name__ == "__main__":
    create_gallery("sqlite:///gallery.sqlite").run(port=5005)
