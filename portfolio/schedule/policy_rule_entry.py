"""The form of one rule: its names, severity, months and other settings, and its articles over time."""

import copy
import re
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from portfolio.notation import N_
from portfolio.register.entry import ActForm
from portfolio.schedule.explanation import severity_words
from portfolio.schedule.policy_check import (
    FIXED_SEVERITIES,
    MOST_MONTHS,
    BadPolicy,
    may_be_off,
)
from portfolio.schedule.policy_entry import (
    NumbersField,
    chosen_severities,
    marks,
    reason,
)
from portfolio.schedule.policy_text import HOUSE
from portfolio.schedule.policy_words import RECOVERY_GROUNDS, SUSPENDED_BY
from portfolio.web.fields import (
    ChoiceField,
    DayField,
    NumberField,
    Required,
    RowForm,
    SeveralField,
    TextField,
    TickField,
)

Document = dict[str, Any]
_POINT = re.compile(r"[a-zđ]")
_MOST_ARTICLES = 30
_SETTINGS = (
    "months",
    "extension_months",
    "warning_months",
    "warning_severity",
    "missed_in_a_row",
    "missed_severity",
    "exceptions",
    "suspended_by",
)


class PointsField(TextField):
    """Points of an article: `a, b, c`."""

    @property
    def points(self) -> list[str]:
        """The letters, once the field is valid."""
        return [word for word in re.split(r"[\s,;]+", self.data or "") if word]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no list of single letters."""
        super().pre_validate(form)
        if not all(_POINT.fullmatch(word) for word in self.points):
            raise ValidationError(gettext("Enter letters with commas, for example a, b, c"))


def _months(label: Any) -> NumberField:
    return NumberField(label, [Required()], whole=True, least=1, most=MOST_MONTHS)


class ArticleRow(RowForm):
    """An article that the rule stands on from a day on."""

    law = ChoiceField(_("Law"), choices=list)
    article = TextField(
        _("Article"), longest=40, description=_("As 36.2.b: article, clause, point.")
    )
    begins = DayField(_("Applied from"), description=_("Empty: always"))
    mark = ChoiceField(_("Confidence"), choices=marks, blank=_("not known"))
    needs_legal_opinion = TickField(_("Needs a legal opinion"))
    source = TextField(_("Source"), longest=1000)
    exceptions = PointsField(_("Exceptions (points of the article)"), longest=100)
    recovery_grounds = SeveralField(
        _("Grounds of recovery that count"),
        choices=lambda: [(code, gettext(words)) for code, words in RECOVERY_GROUNDS.items()],
        description=_("None ticked: all of them"),
    )
    drop = TickField(_("Drop this article"))


class RuleForm(ActForm):
    """One rule; fields that it has no use for are taken out by `rule_form`."""

    vi = TextField(_("Vietnamese name"), [Required()], longest=300)
    en = TextField(_("English name"), [Required()], longest=300)
    severity = ChoiceField(_("Severity"), [Required()], choices=chosen_severities, blank=False)
    months = _months(_("Months"))
    extension_months = _months(_("Longest extension, in months"))
    warning_months = NumbersField(_("Months of the warnings"), [Required()], longest=100)
    warning_severity = ChoiceField(
        _("Severity of the warning"), [Required()], choices=chosen_severities, blank=False
    )
    missed_in_a_row = NumberField(
        _("Periods missed in a row"), [Required()], whole=True, least=1, most=12
    )
    missed_severity = ChoiceField(
        _("Severity from then on"), [Required()], choices=chosen_severities, blank=False
    )
    exceptions = PointsField(_("Exceptions (points of the article)"), longest=100)
    suspended_by = SeveralField(
        _("Suspended by"),
        choices=lambda: [(code, gettext(words)) for code, words in SUSPENDED_BY.items()],
    )
    when_done = TickField(_("Also for completed projects"))
    off = TickField(_("Switched off: the rule finds nothing"))
    articles = FieldList(FormField(ArticleRow), max_entries=_MOST_ARTICLES)
    reason = reason()

    def document_with(self, document: Document, rule_id: str) -> Document:
        """A copy of the document with this rule as typed."""
        changed = copy.deepcopy(document)
        rule = next(rule for rule in changed["rules"] if rule["id"] == rule_id)
        self._settle(rule)
        rule["articles"] = self._articles_typed()
        return changed

    def _settle(self, rule: Document) -> None:
        before = rule.get("settings") or {}
        settings = {name: self._setting(name, value) for name, value in before.items()}
        if settings:
            rule["settings"] = settings
        for name in ("vi", "en"):
            rule[name] = _renamed(self[name].data or "", rule[name], before, settings)
        if "severity" in self:
            rule["severity"] = self.severity.data
        for name in ("when_done", "off"):
            rule.pop(name, None)
            if name in self and self[name].data:
                rule[name] = True

    def _setting(self, name: str, before: Any) -> Any:
        if name not in self:
            return before
        field = self[name]
        if isinstance(field, NumbersField):
            falling = before == sorted(before, reverse=True)
            return sorted(field.numbers, reverse=falling)
        return field.points if isinstance(field, PointsField) else field.data

    def _articles_typed(self) -> list[Document]:
        rows = []
        for place, row in enumerate(self.articles):
            article = _article(row.form, place)
            if article is not None:
                rows.append((article.get("from") or "", place, article))
        if not rows:
            raise BadPolicy(N_("The rule needs an article."), field="articles-0-law")
        rows.sort(key=lambda row: row[0])
        for (begins, *_first), (later, place, _second) in pairwise(rows):
            if begins == later:
                words = N_("Two articles apply from the same day.")
                raise BadPolicy(words, field=f"articles-{place}-begins")
        return [article for _begins, _place, article in rows]


def rule_form(document: Document, rule_id: str, **kwargs: Any) -> RuleForm:
    """The form of a rule, showing the document, with the fields that this rule has."""
    rule = next(rule for rule in document["rules"] if rule["id"] == rule_id)
    form = RuleForm(data=_shown(rule) | kwargs.pop("data", {}), **kwargs)
    settings = rule.get("settings") or {}
    unused = [name for name in _SETTINGS if name not in settings]
    if rule["severity"] in FIXED_SEVERITIES:
        unused.append("severity")
    if not may_be_off(rule):
        unused.append("off")
    for name in unused:
        del form[name]
    own = {name for article in rule["articles"] for name in article.get("settings") or {}}
    laws = [
        SelectChoice("", gettext("None")),
        SelectChoice(HOUSE, gettext("house rule")),
        *(SelectChoice(law["number"], law["vi"]) for law in document["laws"]),
    ]
    for row in form.articles:
        row.form.law.choices = laws
        for name in {"exceptions", "recovery_grounds"} - own:
            del row.form[name]
    return form


def _shown(rule: Document) -> Document:
    settings = {
        name: ", ".join(map(str, value)) if name in {"warning_months", "exceptions"} else value
        for name, value in (rule.get("settings") or {}).items()
    }
    rows = [_shown_article(article) for article in rule["articles"]]
    return (
        {name: rule.get(name) for name in ("vi", "en", "severity", "when_done", "off")}
        | settings
        | {"articles": [*rows, {}]}
    )


def _shown_article(article: Document) -> Document:
    settings = article.get("settings") or {}
    begins = article.get("from")
    return article | {
        "begins": date.fromisoformat(begins) if begins else None,
        "article": "" if article["law"] == HOUSE else article["article"],
        "exceptions": ", ".join(settings.get("exceptions", ())),
        "recovery_grounds": settings.get("recovery_grounds", []),
    }


def _article(form: RowForm, place: int) -> Document | None:
    law, words = form.law.data, form.article.data
    if form.drop.data or not (law or words or form.begins.data):
        return None
    if not law:
        raise BadPolicy(N_("Choose the law of this article."), field=f"articles-{place}-law")
    if law != HOUSE and not words:
        raise BadPolicy(N_("Enter the article."), field=f"articles-{place}-article")
    values = {
        "law": law,
        "article": HOUSE if law == HOUSE else words,
        "from": form.begins.data.isoformat() if form.begins.data else None,
        "mark": form.mark.data,
        "needs_legal_opinion": form.needs_legal_opinion.data or None,
        "source": form.source.data,
        "settings": _own_settings(form),
    }
    return {name: value for name, value in values.items() if value is not None}


def _own_settings(form: RowForm) -> Document | None:
    found: Document = {}
    if "exceptions" in form and form.exceptions.points:
        found["exceptions"] = form.exceptions.points
    if "recovery_grounds" in form and form.recovery_grounds.data:
        found["recovery_grounds"] = form.recovery_grounds.data
    return found or None


def _renamed(typed: str, stood: str, before: Document, after: Document) -> str:
    """The name; one that was left alone and tells the months follows them."""
    old, new = before.get("months"), after.get("months")
    if typed != stood or old == new or old is None:
        return typed
    return re.sub(rf"\b{old}\b", str(new), typed)


def severity_of(document: Document, rule_id: str) -> str:
    """The severity of a rule in words, for rules whose severity is not the office's to choose."""
    rule = next(rule for rule in document["rules"] if rule["id"] == rule_id)
    return severity_words(rule["severity"])
