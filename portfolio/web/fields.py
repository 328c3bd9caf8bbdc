"""Everything a form is made of; see `docs/pages.md` for how to use it."""

from portfolio.web.choices import ChoiceField, SeveralField, TickField, UploadField
from portfolio.web.forms import PortfolioForm, RowForm
from portfolio.web.texts import ProseField, Required, TextField
from portfolio.web.typed import AreaField, DayField, MoneyField, NumberField

__all__ = [
    "AreaField",
    "ChoiceField",
    "DayField",
    "MoneyField",
    "NumberField",
    "PortfolioForm",
    "ProseField",
    "Required",
    "RowForm",
    "SeveralField",
    "TextField",
    "TickField",
    "UploadField",
]
