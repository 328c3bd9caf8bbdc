"""Typed facts in, findings with their sums out: the shape, the sentences and the command."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from portfolio.schedule.commands import flags
from portfolio.schedule.documents import BadDocument
from portfolio.schedule.explain import explain
from tests.schedule.law import HOLIDAYS_TEXT, POLICY_TEXT, ask, day, finding, parcel, phase
from tests.schedule.whole import whole

IDLE = {"id": "KT-0001", "land": [parcel("2020-03-05")]}


def answer(document: Any, on: str = "2026-11-22") -> list[dict[str, Any]]:
    return explain(document, POLICY_TEXT, HOLIDAYS_TEXT, day(on))


class TestShape:
    def test_an_answer_has_exactly_these_keys(self):
        (found,) = answer(whole())
        assert list(found) == ["id", "on", "schedule_state", "findings", "next_change_on"]
        assert (found["id"], found["on"], found["schedule_state"]) == (
            "KT-0042",
            "2026-11-22",
            "late",
        )
        for one in found["findings"]:
            assert list(one) == [
                "rule", "severity", "held", "scope", "since", "deadline", "article", "law", "policy",
                "needs_legal_opinion", "steps", "vi", "en",
            ]  # fmt: skip
            for step in one["steps"]:
                assert list(step) == ["name", "value", "source", "vi", "en"]

    def test_it_is_plain_json(self):
        found = answer([whole(), IDLE])
        assert json.loads(json.dumps(found)) == found

    def test_a_list_is_answered_in_its_order(self):
        assert [one["id"] for one in answer([whole(), IDLE])] == ["KT-0042", "KT-0001"]
        assert answer([]) == []
        assert answer([IDLE]) == answer(IDLE)

    def test_the_whole_document_gives_these_findings(self):
        (found,) = answer(whole())
        # Phase 1 to 31/12/2019, with 181 days to 29/06/2020, 24 months to Wednesday 29/06/2022. Land
        # handed over 15/09/2017, 31 days of flood: 12 months to 16/10/2018; schedule to 30/06/2018,
        # with 31 days to 31/07/2018, 24 months to Friday 31/07/2020; the extension to 01/10/2020.
        assert [(o["rule"], o["scope"], o["since"], o["deadline"]) for o in found["findings"]] == [
            ("INV-T24", "phase:1", "2026-03-01", "2022-06-29"),
            ("LAND-RECOVER", "parcel:A", "2020-10-02", "2020-10-01"),
            ("LAND-12", "parcel:A", "2018-10-17", "2018-10-16"),
            ("LAND-24", "parcel:A", "2020-08-01", "2020-07-31"),
            ("STALLED", "project", "2021-01-05", "2021-01-04"),
            ("EZA-MARK", "mark:1", "2026-01-01", None),
            ("INV-LATE", "phase:1", "2020-06-30", "2020-06-29"),
            ("INV-T24-WARN", "phase:1", "2021-06-30", "2021-06-29"),
            ("REP-Q", "project", "2026-10-13", "2026-10-12"),
        ]
        assert found["next_change_on"] == "2066-03-20"  # twelve months before the operating end

    def test_the_sum_of_a_finding_is_told_step_by_step_with_its_sources(self):
        (found,) = answer(IDLE)
        steps = [
            (one["name"], one["value"], one["source"]) for one in found["findings"][0]["steps"]
        ]
        assert steps == [
            ("case", "handover", None),
            ("handed_over_on", "2020-03-05", "land[0].handed_over_on"),
            ("months", 12, "policy 1: LAND-12"),
            ("term_end", "2021-03-05", None),
            ("on", "2026-11-22", None),
            ("days_over", 2088, None),
        ]

    def test_a_pause_stands_in_the_sum_with_its_days_and_its_paper(self):
        document = whole()
        document["pauses"].append(
            {"cause": "a", "from": "2019-06-01", "to": "2019-07-10", "status": "accepted"}
        )
        late = next(o for o in answer(document)[0]["findings"] if o["rule"] == "INV-LATE")
        pause = next(one for one in late["steps"] if one["name"] == "pause")
        assert pause["value"] == {"from": "2019-01-01", "to": "2019-07-10", "days": 191}
        assert pause["source"] == "pauses[0] (123/UBND); pauses[1]"
        assert pause["vi"] == "Cộng thời gian không tính: 01/01/2019 - 10/07/2019 (191 ngày)"

    def test_a_year_without_holidays_is_said_in_the_sum(self):
        (found,) = answer({"id": "KT-0001", "land": [parcel("2016-03-04")]})
        unknown = [
            one for one in found["findings"][0]["steps"] if one["name"] == "holidays_unknown"
        ]
        assert [one["value"] for one in unknown] == [2017]
        assert unknown[0]["vi"] == "Chưa có bảng ngày nghỉ lễ năm 2017: chỉ tính thứ Bảy, Chủ nhật"

    def test_the_inputs_are_the_facts_and_thresholds_with_their_sources(self):
        inputs = finding("LAND-12", "2026-11-22", **IDLE_FACTS).inputs
        assert [(one.name, one.value, one.source) for one in inputs] == [
            ("handed_over_on", date(2020, 3, 5), "land[0].handed_over_on"),
            ("months", 12, "policy 1: LAND-12"),
        ]


IDLE_FACTS = {"land": [parcel("2020-03-05")]}


class TestSentences:
    def test_the_example_of_the_rule_book(self):
        assert finding("LAND-12", "2026-11-22", **IDLE_FACTS).vi == (
            "LAND-12: đất bàn giao 05/03/2020, 12 tháng kết thúc 05/03/2021 (thứ Sáu), tính đến "
            "22/11/2026 chưa đưa vào sử dụng (quá 2.088 ngày) - khoản 8 Điều 81 Luật Đất đai "
            "31/2024/QH15"
        )
        assert (date(2026, 11, 22) - date(2021, 3, 5)).days == 2088
        assert date(2021, 3, 5).weekday() == 4

    def test_the_same_in_english(self):
        assert finding("LAND-12", "2026-11-22", **IDLE_FACTS).en == (
            "LAND-12: land handed over on 5 March 2020, 12 months ended on 5 March 2021 (Friday), "
            "not put to use by 22 November 2026 (2,088 days over) - Article 81, clause 8, Land Law "
            "31/2024/QH15"
        )

    def test_a_rolled_end_says_why_and_where_to(self):
        land = {"land": [parcel("2020-03-06")]}
        assert (
            "12 tháng kết thúc 06/03/2021 (thứ Bảy), trùng ngày nghỉ nên chuyển sang "
            "08/03/2021 (thứ Hai), tính đến" in finding("LAND-12", "2026-11-22", **land).vi
        )

    def test_with_several_parcels_the_one_is_named(self):
        land = {"land": [parcel("2020-03-05"), parcel("2026-05-05", id="B")]}
        assert finding("LAND-12", "2026-11-22", **land).vi.startswith(
            "LAND-12: lô đất A, đất bàn giao"
        )

    def test_24_months_with_a_pause(self):
        facts = {
            "phases": [phase("2019-12-31")],
            "pauses": [
                {"cause": "b", "from": "2019-01-01", "to": "2019-06-30", "status": "accepted"}
            ],
            "no_adjustment_right": True,
        }
        assert finding("INV-T24", "2026-11-22", **facts).vi == (
            "INV-T24: tiến độ theo chấp thuận chủ trương đầu tư kết thúc 31/12/2019, cộng 181 ngày "
            "không tính tiến độ thành 29/06/2020, 24 tháng kết thúc 29/06/2022 (thứ Tư), tính đến "
            "22/11/2026 chưa hoàn thành mục tiêu (quá 1.607 ngày) - điểm b khoản 2 Điều 36 Luật Đầu "
            "tư 143/2025/QH15 (cần ý kiến pháp lý)"
        )

    @pytest.mark.parametrize(
        ("on", "vi", "en"),
        [
            (
                "2024-07-31",
                "điểm i khoản 1 Điều 64 Luật Đất đai 45/2013/QH13",
                "Article 64, clause 1, point i, ",
            ),
            ("2024-08-01", "khoản 8 Điều 81 Luật Đất đai 31/2024/QH15", "Article 81, clause 8, "),
        ],
    )
    def test_the_sentence_ends_with_the_article_of_the_day(self, on, vi, en):
        found = finding("LAND-12", on, **IDLE_FACTS)
        assert found.vi.endswith(f" - {vi}")
        assert f" - {en}" in found.en

    def test_no_finding_says_that_a_project_is_revoked(self):
        for found in ask("2026-11-22", **{k: v for k, v in whole().items() if k != "id"}).findings:
            assert "bị thu hồi" not in found.vi
            assert "revoked" not in found.en


class TestRefusals:
    def test_the_path_leads_into_the_list(self):
        broken = whole()
        broken["phases"][0]["schedules"][1]["end"] = "2018-01-01"
        with pytest.raises(BadDocument) as caught:
            answer([IDLE, broken])
        assert caught.value.path == "[1].phases[0].schedules[1].end"

    @pytest.mark.parametrize(
        ("key", "record", "path"),
        [
            ("pauses", {"from": "2020-01-01", "cause": "force"}, "pauses[0].cause"),
            (
                "marks",
                {"on": "2020-01-01", "verdict": "adds", "severity": "bad"},
                "marks[0].severity",
            ),
            (
                "marks",
                {"on": "2020-01-01", "verdict": "adds", "cause": "weather"},
                "marks[0].cause",
            ),
            (
                "signs_of_life",
                {"on": "2020-01-01", "kind": "telephone_call"},
                "signs_of_life[0].kind",
            ),
        ],
    )
    def test_a_code_that_the_policy_does_not_know_is_refused(self, key, record, path):
        with pytest.raises(BadDocument) as caught:
            answer({"id": "KT-0001", key: [record]})
        assert caught.value.path == path

    def test_a_broken_policy_is_told_from_broken_facts(self):
        with pytest.raises(BadDocument) as caught:
            explain(IDLE, {**POLICY_TEXT, "version": 0}, HOLIDAYS_TEXT, day("2026-11-22"))
        assert caught.value.path == "policy.version"
        with pytest.raises(BadDocument) as caught:
            explain(IDLE, POLICY_TEXT, {"holidays": [{}]}, day("2026-11-22"))
        assert caught.value.path == "holidays.holidays[0].date"


class TestCommand:
    """`flask flags explain`, which needs no database."""

    @pytest.fixture
    def run(self, tmp_path: Path):
        def run(facts: Any, *options: str, on: str = "2026-11-22") -> Result:
            file = tmp_path / "facts.json"
            text = facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False)
            file.write_text(text, encoding="utf-8")
            return CliRunner().invoke(
                flags, ["explain", "--facts", str(file), "--on", on, *options]
            )

        return run

    def test_json_is_the_answer_and_nothing_else(self, run):
        result = run([whole(), IDLE], "--format", "json")
        assert result.exit_code == 0
        assert json.loads(result.stdout) == answer([whole(), IDLE])
        assert "đất bàn giao" in result.stdout

    def test_text_is_for_people(self, run):
        result = run(IDLE, "--format", "text")
        assert result.exit_code == 0
        first, *rest = result.stdout.splitlines()
        assert first == "KT-0001  2026-11-22  undated  next change: -"
        assert rest[0] == "  [ground]  parcel:A  since 2021-03-06"
        assert rest[1].strip().startswith("LAND-12: đất bàn giao 05/03/2020")
        assert "    Bàn giao đất: 05/03/2020  <- land[0].handed_over_on" in rest

    def test_facts_may_come_from_standard_input_and_begin_with_a_byte_order_mark(self):
        result = CliRunner().invoke(
            flags,
            ["explain", "--facts", "-", "--on", "2026-11-22", "--format", "json"],
            input=b"\xef\xbb\xbf" + json.dumps(IDLE).encode(),
        )
        assert json.loads(result.stdout) == answer(IDLE)

    def test_another_policy_may_be_tried(self, run, tmp_path):
        document = json.loads(json.dumps(POLICY_TEXT))
        document["version"] = 2
        rule = next(rule for rule in document["rules"] if rule["id"] == "LAND-12")
        rule["settings"]["months"] = 96
        other = tmp_path / "policy.yaml"
        other.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        result = run(IDLE, "--policy", str(other), "--format", "json")
        assert json.loads(result.stdout)[0]["findings"] == []

    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"id": "KT-0001", "colour": "red"}, "colour: unknown key"),
            (
                {"id": "KT-0001", "phases": [{"completed_on": "2026-02-30"}]},
                "phases[0].completed_on: '2026-02-30' is not a day of the calendar",
            ),
            ([IDLE, {}], "[1].id: must be given"),
            ('{"id": "KT-0001", "id": "KT-0002"}', "id: is written twice in one object"),
            ('{"id": "KT-0001", "land": [{"area_ha": NaN}]}', "NaN: is not a number"),
            ('{"id": "KT-0001",', "facts.json is not JSON"),
            ("[" * 100_000, "facts.json holds too many levels inside each other."),
            ("[" * 400 + "]" * 400, "[0]: must be an object, not a list"),
            (
                '{"id": "KT-0001", "land": [{"area_ha": ' + "9" * 5000 + "}]}",
                "is too long a number",
            ),
            (
                '{"id": "KT-0001", "land": [{"area_ha": 1e999}]}',
                "land[0].area_ha: inf is not an area",
            ),
            ('{"id": "KT-\\ud800"}', "id: holds half a character"),
            ("null", "must be an object, not null"),
            ("", "facts.json is not JSON"),
        ],
        ids=[
            "key",
            "day",
            "id",
            "twice",
            "NaN",
            "JSON",
            "depth",
            "lists",
            "digits",
            "infinite",
            "surrogate",
            "null",
            "empty",
        ],
    )
    def test_bad_facts_end_with_code_2_and_the_path(self, run, facts, message):
        result = run(facts, "--format", "json")
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stdout == ""

    @pytest.mark.parametrize(
        "written",
        [b'{"id": "\xe9"}', '{"id": "KT-0001"}'.encode("utf-16")],
        ids=["latin", "utf-16"],
    )
    def test_what_is_no_utf_8_is_said_to_be_none(self, tmp_path, written):
        file = tmp_path / "facts.json"
        file.write_bytes(written)
        result = CliRunner().invoke(flags, ["explain", "--facts", str(file), "--on", "2026-11-22"])
        assert result.exit_code == 2
        assert "facts.json is not text in UTF-8." in result.stderr

    def test_ten_megabytes_are_read(self, run):
        result = run([{**IDLE, "name": "x" * 10**7}, whole()], "--format", "json")
        assert result.exit_code == 0
        assert [one["id"] for one in json.loads(result.stdout)] == ["KT-0001", "KT-0042"]

    def test_thousands_of_pauses_are_told_in_the_time_of_their_number(self, run):
        """Each pause is a step with its record; looking for every record anew would take minutes."""
        days = [date(2000, 1, 1) + timedelta(2 * number) for number in range(3000)]
        pauses = [{"from": str(one), "to": str(one), "status": "accepted"} for one in days]
        phase_ = {"schedules": [{"end": "2020-01-01", "approved_on": "1999-12-01", "kind": "ipa"}]}
        facts = {"id": "KT-0001", "phases": [phase_], "pauses": pauses}
        result = run(facts, "--format", "json", on="2035-01-01")
        (found,) = json.loads(result.stdout)
        late = next(one for one in found["findings"] if one["rule"] == "INV-LATE")
        told = [one for one in late["steps"] if one["name"] == "pause"]
        assert [one["source"] for one in told[:2]] == ["pauses[0]", "pauses[1]"]
        assert len(told) == 3000

    def test_a_name_does_not_steer_the_terminal(self, run):
        result = run({"id": "KT\x1b[2J\r-1"}, "--format", "text")
        assert result.stdout.startswith("KT\ufffd[2J\ufffd-1  2026-11-22")

    @pytest.mark.parametrize(
        "broken", ["a: [", "[" * 5000, "\x00", "- 1"], ids=["cut off", "deep", "zero", "list"]
    )
    def test_a_policy_that_cannot_be_read_ends_with_code_2(self, run, tmp_path, broken):
        other = tmp_path / "policy.yaml"
        other.write_text(broken, encoding="utf-8")
        result = run(IDLE, "--policy", str(other))
        assert result.exit_code == 2
        assert "policy" in result.stderr

    @pytest.mark.parametrize(
        "on",
        ["2026-02-30", "22/11/2026", "today", "20261122", "2026-W47-7", "9999-12-31", "0001-01-01"],
    )
    def test_a_day_that_does_not_exist_ends_with_code_2(self, run, on):
        result = run(IDLE, on=on)
        assert result.exit_code == 2
        assert "YYYY-MM-DD" in result.stderr

    def test_a_file_that_is_not_there_ends_with_code_2(self, tmp_path):
        missing = str(tmp_path / "none.json")
        result = CliRunner().invoke(flags, ["explain", "--facts", missing, "--on", "2026-11-22"])
        assert result.exit_code == 2
        assert "none.json" in result.stderr
