"""Late, stalled, silent: reports, delay marks, circumstances, drafts of the policy, closed months.

Rules: written and tested in both directions; a column is added empty, filled, and only then made
NOT NULL; nothing that running code still reads is dropped in the same release; no import from
`portfolio`, because a migration must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_late_stalled_silent"
down_revision = "2026_11_22_the_register"
branch_labels = None
depends_on = None


def fill_lines() -> None:
    """What current lines can say at once; clocks follow when the projects are judged."""
    op.execute(
        "UPDATE register_line SET principal_unit_id = (SELECT unit_id FROM project_place"
        " WHERE project_place.project_id = register_line.project_id AND principal)"
        " WHERE until IS NULL"
    )
    op.execute(
        "UPDATE register_line SET realised_vnd = (SELECT vnd_amount FROM capital_version"
        " WHERE capital_version.project_id = register_line.project_id AND kind = 'realised'"
        " AND vnd_amount IS NOT NULL ORDER BY coalesce(\"on\", '0001-01-01') DESC, id DESC LIMIT 1)"
        " WHERE until IS NULL"
    )


LATENESS = {
    "late_first": "first target of a project that is not done; far away where nothing can be late",
    "late_latest": "the same of the latest target",
    "silence": "silent since, or far away",
}
"""Orders of a list by lateness: the column, without its `_sort`, names the index as well."""


def order_by_lateness() -> None:
    """Days from which lateness and silence count; the far future until a project is judged anew."""
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        for name, comment in LATENESS.items():
            batch_op.add_column(
                sa.Column(f"{name}_sort", sa.Date(), nullable=True, comment=comment)
            )
    op.execute(
        "UPDATE register_line SET late_first_sort = '9999-12-31', late_latest_sort = '9999-12-31',"
        " silence_sort = '9999-12-31'"
    )
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        for name, comment in LATENESS.items():
            batch_op.alter_column(
                f"{name}_sort", existing_type=sa.Date(), nullable=False, existing_comment=comment
            )
    for name in LATENESS:
        op.create_index(
            f"ix_register_line_{name}",
            "register_line",
            [f"{name}_sort", "id", "zone_id", "project_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def forget_order_by_lateness() -> None:
    for name in LATENESS:
        op.drop_index(f"ix_register_line_{name}", table_name="register_line")
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        for name in LATENESS:
            batch_op.drop_column(f"{name}_sort")


NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("on_time", "silent", "done")
COUNTED_BY = ("listing", "stage", "sector_id", "schedule_state", "severity")


def count_states() -> None:
    """How many lines of each kept figure are in which schedule state."""
    with op.batch_alter_table("register_figure", schema=None) as batch_op:
        for state in STATES:
            batch_op.add_column(sa.Column(state, NUMBER, nullable=True))
    op.execute("UPDATE register_figure SET on_time = 0, silent = 0, done = 0")
    figure = sa.table(
        "register_figure",
        *(sa.column(name) for name in ("kind", "ref", "zone_id", *STATES)),
    )
    line = sa.table(
        "register_line",
        *(sa.column(name) for name in ("until", "zone_id", *COUNTED_BY)),
    )
    zone = sa.func.coalesce(line.c.zone_id, 0)
    for kind, column in (("all", None), *((name, name) for name in COUNTED_BY)):
        ref = sa.literal("") if column is None else line.c[column]
        names = {"sector_id": "sector", "schedule_state": "state"}
        counts = [
            sa.func.sum(sa.case((line.c.schedule_state == state, 1), else_=0)) for state in STATES
        ]
        found = sa.select(ref, zone, *counts).where(line.c.until.is_(None), ref.is_not(None))
        grouped = found.group_by(zone) if column is None else found.group_by(ref, zone)
        for value, of_zone, *numbers in op.get_bind().execute(grouped).all():
            op.execute(
                figure.update()
                .where(
                    figure.c.kind == names.get(kind, kind),
                    figure.c.ref == str(value),
                    figure.c.zone_id == of_zone,
                )
                .values(dict(zip(STATES, map(int, numbers), strict=True)))
            )
    with op.batch_alter_table("register_figure", schema=None) as batch_op:
        for state in STATES:
            batch_op.alter_column(state, existing_type=NUMBER, nullable=False)


def forget_states() -> None:
    with op.batch_alter_table("register_figure", schema=None) as batch_op:
        for state in STATES:
            batch_op.drop_column(state)


OPEN_REPORT = "status IN ('received', 'sent_back')"


def remind_of_reports() -> None:
    """Which reminders have gone, and the reports that wait for somebody, at hand."""
    op.create_index(
        "ix_progress_report_open",
        "progress_report",
        ["status", "received_on", "project_id"],
        unique=False,
        sqlite_where=sa.text(OPEN_REPORT),
        postgresql_where=sa.text(OPEN_REPORT),
    )
    op.create_table(
        "reminder_round",
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("days", NUMBER, nullable=False, comment="before the due day: less than nothing"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("projects", NUMBER, nullable=False, comment="whose report was missing then"),
        sa.PrimaryKeyConstraint("kind", "period", "days", name=op.f("pk_reminder_round")),
    )
    op.create_table(
        "reminder_sent",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", "on", name=op.f("pk_reminder_sent")),
    )


def forget_reminders() -> None:
    op.drop_table("reminder_sent")
    op.drop_table("reminder_round")
    op.drop_index("ix_progress_report_open", table_name="progress_report")


IDLE = "until IS NULL AND idle_ha IS NOT NULL"


def index_idle_land() -> None:
    """Idle land is added up by severity and zone."""
    op.create_index(
        "ix_register_line_idle",
        "register_line",
        ["severity", "zone_id", "idle_ha"],
        unique=False,
        sqlite_where=sa.text(IDLE),
        postgresql_where=sa.text(IDLE),
    )


CURRENT = "until IS NULL"
BY_HAND = "followed_by_id IS NOT NULL"


def index_progress() -> None:
    """The progress of a zone is added up from an index; few projects are followed by hand."""
    op.create_index(
        "ix_register_line_zone_progress",
        "register_line",
        [
            "zone_id",
            "listing",
            "schedule_state",
            "severity",
            "capital_vnd",
            "realised_vnd",
            "area_ha",
            "idle_ha",
            "project_id",
        ],
        unique=False,
        sqlite_where=sa.text(CURRENT),
        postgresql_where=sa.text(CURRENT),
    )
    op.create_index(
        "ix_project_followed_by_id",
        "project",
        ["followed_by_id"],
        unique=False,
        sqlite_where=sa.text(BY_HAND),
        postgresql_where=sa.text(BY_HAND),
    )


def index_projects_with(columns: list[str]) -> None:
    """Whether a project is licensed, and in which zone, is told from the index of its current line."""
    op.drop_index("ix_register_line_project", table_name="register_line")
    op.create_index(
        "ix_register_line_project",
        "register_line",
        columns,
        unique=False,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def note_when_flags_close() -> None:
    """The moment a flag was closed; what was closed before is known by its day only."""
    op.add_column("flag", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("opened_at", "closed_at"):
        op.create_index(f"ix_flag_{name}", "flag", [name], unique=False)


def forget_when_flags_close() -> None:
    for name in ("closed_at", "opened_at"):
        op.drop_index(f"ix_flag_{name}", table_name="flag")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_column("closed_at")


def set_aside(name: str) -> None:
    """Rename the table of holidays; PostgreSQL keeps the name of its key, which the new one needs."""
    op.rename_table("holiday", name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {name} RENAME CONSTRAINT pk_holiday TO pk_{name}")


def keep_dropped_holidays() -> None:
    """A day may be dropped and entered again, so it is no longer the key."""
    set_aside("holiday_by_day")
    op.create_table(
        "holiday",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="empty: known from the beginning",
        ),
        sa.Column("added_by", sa.String(length=200), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.String(length=200), nullable=True),
        sa.Column("dropped_why", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (dropped_why IS NULL)",
            name=op.f("ck_holiday_dropping_has_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    op.execute(
        'INSERT INTO holiday ("on", name, source)'
        ' SELECT "on", name, source FROM holiday_by_day ORDER BY "on"'
    )
    op.drop_table("holiday_by_day")
    op.create_index(
        "uq_holiday_known",
        "holiday",
        ["on"],
        unique=True,
        sqlite_where=sa.text("dropped_at IS NULL"),
        postgresql_where=sa.text("dropped_at IS NULL"),
    )


def forget_dropped_holidays() -> None:
    """The days that are known, each once."""
    set_aside("holiday_known")
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holiday")),
    )
    op.execute(
        'INSERT INTO holiday ("on", name, source)'
        ' SELECT "on", name, source FROM holiday_known WHERE dropped_at IS NULL'
    )
    op.drop_table("holiday_known")


FINAL = "an adopted policy is never changed"


def seal_adopted_policies() -> None:
    """One draft at a time; what is adopted or given up is never changed or deleted."""
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_policy_version_policystatus"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_policy_version_policystatus"), "status IN ('draft', 'adopted', 'discarded')"
        )
        batch_op.create_index(
            "uq_policy_version_draft",
            ["status"],
            unique=True,
            sqlite_where=sa.text("status = 'draft'"),
            postgresql_where=sa.text("status = 'draft'"),
        )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER policy_version_no_{verb.lower()} BEFORE {verb} ON policy_version"
                f" WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{FINAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER policy_version_no_change BEFORE UPDATE OR DELETE ON policy_version"
        " FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION refuse_policy_change()"
    )


def unseal_adopted_policies() -> None:
    """What was given up becomes a draft again: the program before this knows no other word."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER policy_version_no_{verb}")
    else:
        op.execute("DROP TRIGGER policy_version_no_change ON policy_version")
        op.execute("DROP FUNCTION refuse_policy_change()")
    op.drop_index("uq_policy_version_draft", table_name="policy_version")
    op.execute("UPDATE policy_version SET status = 'draft' WHERE status = 'discarded'")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_policy_version_policystatus"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_policy_version_policystatus"), "status IN ('draft', 'adopted')"
        )


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "looked",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_looked_user_id")),
        sa.PrimaryKeyConstraint("user_id", "page", name=op.f("pk_looked")),
    )
    op.create_table(
        "circumstance",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "investor_stop",
                "stopped",
                "contact_attempt",
                "inability",
                "site_lost",
                "relocation_filed",
                "dissolved",
                "sham",
                "judgment",
                name="circumstancekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "until", sa.Date(), nullable=True, comment="last day of a stop; empty: it still runs"
        ),
        sa.Column(
            "reached", sa.Boolean(), nullable=True, comment="of an attempt to reach the investor"
        ),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("paper", sa.String(length=300), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(kind = 'contact_attempt') = (reached IS NOT NULL)",
            name=op.f("ck_circumstance_attempt_has_outcome"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR kind = 'investor_stop'", name=op.f("ck_circumstance_only_a_stop_ends")
        ),
        sa.CheckConstraint(
            'until IS NULL OR until >= "on"', name=op.f("ck_circumstance_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_circumstance_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstance")),
    )
    with op.batch_alter_table("circumstance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circumstance_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "coming_deadline",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_coming_deadline_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", "scope", name=op.f("pk_coming_deadline")),
    )
    with op.batch_alter_table("coming_deadline", schema=None) as batch_op:
        batch_op.create_index("ix_coming_deadline_on", ["on", "project_id"], unique=False)

    op.create_table(
        "delay_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "confirms",
                "disputes",
                "adds",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rule", sa.String(length=40), nullable=True, comment="the finding it speaks of; or all"
        ),
        sa.Column("scope", sa.String(length=200), nullable=True),
        sa.Column(
            "severity", sa.String(length=40), nullable=True, comment="of a delay that is added"
        ),
        sa.Column(
            "cause",
            sa.String(length=40),
            nullable=False,
            comment="code of the policy's list of causes",
        ),
        sa.Column(
            "side",
            sa.Enum(
                "state",
                "investor",
                "objective",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("paper", sa.String(length=300), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("office", sa.String(length=300), nullable=True),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("marked_by", sa.String(length=200), nullable=False),
        sa.Column(
            "marked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=2000), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(verdict = 'adds') = (severity IS NOT NULL)",
            name=op.f("ck_delay_mark_only_added_has_severity"),
        ),
        sa.CheckConstraint(
            "verdict <> 'adds' OR rule IS NULL", name=op.f("ck_delay_mark_added_has_no_rule")
        ),
        sa.CheckConstraint(
            "scope IS NULL OR rule IS NOT NULL", name=op.f("ck_delay_mark_scope_is_of_a_rule")
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_why IS NULL)",
            name=op.f("ck_delay_mark_withdrawal_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["user.id"], name=op.f("fk_delay_mark_marked_by_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_delay_mark_office_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_delay_mark_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delay_mark")),
    )
    with op.batch_alter_table("delay_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delay_mark_project_id"), ["project_id"], unique=False)

    op.create_table(
        "monthly_closing",
        sa.Column("month", sa.Date(), nullable=False, comment="its last day"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column(
            "closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "head_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="last entry of the trail that counts",
        ),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the figures"),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_monthly_closing_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_monthly_closing_policy_id")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_monthly_closing")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("subject", sa.JSON(), nullable=False, comment="what the answer is about"),
        sa.Column("sent_to", sa.String(length=320), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the mail server took the message",
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=True),
        sa.Column(
            "answer",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="typed so far; once used, what was received",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_one_time_link_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_one_time_link_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_link_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "link_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["one_time_link.id"], name=op.f("fk_link_file_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_file")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_link_file_stored_as")),
    )
    with op.batch_alter_table("link_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_file_link_id"), ["link_id"], unique=False)

    op.create_table(
        "policy_trial",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "policy_state",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="version of the draft that was tried",
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_by", sa.String(length=200), nullable=False),
        sa.Column(
            "head_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="last entry of the trail that was read",
        ),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_policy_trial_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_trial")),
    )
    with op.batch_alter_table("policy_trial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_trial_policy_id"), ["policy_id"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "Q",
                "Y",
                "M6",
                "MY",
                name="reportkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "period", sa.String(length=10), nullable=False, comment="2026-Q3, 2026-H1 or 2026"
        ),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "accepted",
                "sent_back",
                "excused",
                name="reportstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("through_link", sa.Boolean(), nullable=False, comment="sent by the investor"),
        sa.Column("filled_by", sa.String(length=200), nullable=True, comment="who speaks for it"),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column(
            "realised_in_period",
            sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "realised_total",
            sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
            comment="VND, since the beginning",
        ),
        sa.Column(
            "physical_percent",
            sa.Numeric(5, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "jobs_vietnamese", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "jobs_foreign", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("causes", sa.JSON(), nullable=False, comment="codes of the policy"),
        sa.Column("causes_note", sa.String(length=4000), nullable=True),
        sa.Column("wishes", sa.String(length=4000), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_why", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "status NOT IN ('accepted', 'sent_back', 'excused') OR (decided_on IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_progress_report_decision_is_signed"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('received', 'accepted') OR received_on IS NOT NULL",
            name=op.f("ck_progress_report_came_on_a_day"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('sent_back', 'excused') OR decided_why IS NOT NULL",
            name=op.f("ck_progress_report_refusal_has_reason"),
        ),
        sa.CheckConstraint(
            "coalesce(jobs_vietnamese, 0) >= 0 AND coalesce(jobs_foreign, 0) >= 0",
            name=op.f("ck_progress_report_jobs_not_negative"),
        ),
        sa.CheckConstraint(
            "coalesce(realised_in_period, 0) >= 0 AND coalesce(realised_total, 0) >= 0",
            name=op.f("ck_progress_report_realised_not_negative"),
        ),
        sa.CheckConstraint(
            "coalesce(physical_percent, 0) >= 0",
            name=op.f("ck_progress_report_percent_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_progress_report_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint(
            "project_id", "kind", "period", name=op.f("uq_progress_report_project_id_kind_period")
        ),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_progress_report_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "report_forecast",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum(
                "day",
                "month",
                "quarter",
                "half",
                "year",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_report_forecast_milestone_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_report_forecast_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_forecast")),
        sa.UniqueConstraint(
            "report_id", "milestone_id", name=op.f("uq_report_forecast_report_id_milestone_id")
        ),
    )
    with op.batch_alter_table("report_forecast", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_forecast_milestone_id"), ["milestone_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_report_forecast_report_id"), ["report_id"], unique=False
        )

    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.alter_column(
            "scope",
            existing_type=sa.VARCHAR(length=80),
            type_=sa.String(length=200),
            existing_nullable=False,
        )

    keep_dropped_holidays()
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "adopted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("started_by", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column(
                "started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "note", sa.String(length=2000), nullable=True, comment="what changes, and why"
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_policy_version_started_by_id"), "user", ["started_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_policy_version_adopted_by_id"), "user", ["adopted_by_id"], ["id"]
        )
    seal_adopted_policies()

    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "first_target_on",
                sa.Date(),
                nullable=True,
                comment="earliest day not kept of the first approval; of a done project that of its end",
            )
        )
        batch_op.add_column(
            sa.Column(
                "latest_target_on",
                sa.Date(),
                nullable=True,
                comment="the same of the latest approval, moved by accepted pauses",
            )
        )
        batch_op.add_column(
            sa.Column(
                "forecast_target_on", sa.Date(), nullable=True, comment="the same of the forecasts"
            )
        )
        batch_op.add_column(
            sa.Column("done_on", sa.Date(), nullable=True, comment="all objectives completed")
        )
        batch_op.add_column(
            sa.Column(
                "silent_since", sa.Date(), nullable=True, comment="first day a report is missing"
            )
        )
        batch_op.add_column(
            sa.Column(
                "idle_ha",
                sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"),
                nullable=True,
                comment="handed over and not in use",
            )
        )
        batch_op.add_column(
            sa.Column(
                "idle_weight",
                sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"),
                nullable=True,
                comment="sum of hectares times the day they began to lie idle, in days since 2000-01-01",
            )
        )
        batch_op.add_column(
            sa.Column(
                "realised_vnd",
                sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
                nullable=True,
                comment="capital realised so far",
            )
        )
        batch_op.add_column(
            sa.Column(
                "expected_on",
                sa.Date(),
                nullable=True,
                comment="when the last open objective is expected: by forecast, else by the latest"
                " approval",
            )
        )
        batch_op.add_column(
            sa.Column(
                "principal_unit_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "marks",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="verdict and cause of each delay mark that stands: confirms:market adds:b",
            )
        )
    fill_lines()
    order_by_lateness()
    index_idle_land()
    index_progress()
    count_states()
    remind_of_reports()
    index_projects_with(["project_id", "listing", "zone_id"])
    op.create_index(
        "ix_progress_report_period",
        "progress_report",
        ["kind", "period", "status", "project_id"],
        unique=False,
    )
    note_when_flags_close()

    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(batch_op.f("ix_stored_file_report_id"), ["report_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_stored_file_report_id"), "progress_report", ["report_id"], ["id"]
        )

    # Lines know nothing of the new clocks yet: every project is judged anew by the next run.
    op.execute("DELETE FROM next_change")


def downgrade() -> None:
    forget_reminders()
    forget_states()
    forget_when_flags_close()
    index_projects_with(["project_id"])
    op.drop_index("ix_project_followed_by_id", table_name="project")
    op.drop_index("ix_register_line_zone_progress", table_name="register_line")
    op.drop_index("ix_register_line_idle", table_name="register_line")
    forget_order_by_lateness()
    op.drop_index("ix_progress_report_period", table_name="progress_report")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stored_file_report_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_stored_file_report_id"))
        batch_op.drop_column("report_id")

    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.drop_column("marks")
        batch_op.drop_column("principal_unit_id")
        batch_op.drop_column("expected_on")
        batch_op.drop_column("realised_vnd")
        batch_op.drop_column("idle_weight")
        batch_op.drop_column("idle_ha")
        batch_op.drop_column("silent_since")
        batch_op.drop_column("done_on")
        batch_op.drop_column("forecast_target_on")
        batch_op.drop_column("latest_target_on")
        batch_op.drop_column("first_target_on")

    unseal_adopted_policies()
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_policy_version_adopted_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_policy_version_started_by_id"), type_="foreignkey")
        batch_op.drop_column("note")
        batch_op.drop_column("started_by_id")
        batch_op.drop_column("started_by")
        batch_op.drop_column("adopted_by_id")
        batch_op.drop_column("adopted_at")

    forget_dropped_holidays()
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.alter_column(
            "scope",
            existing_type=sa.String(length=200),
            type_=sa.VARCHAR(length=80),
            existing_nullable=False,
        )

    with op.batch_alter_table("report_forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_forecast_report_id"))
        batch_op.drop_index(batch_op.f("ix_report_forecast_milestone_id"))

    op.drop_table("report_forecast")
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_report_project_id"))

    op.drop_table("progress_report")
    with op.batch_alter_table("policy_trial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_trial_policy_id"))

    op.drop_table("policy_trial")
    with op.batch_alter_table("link_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_file_link_id"))

    op.drop_table("link_file")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_project_id"))

    op.drop_table("one_time_link")
    op.drop_table("monthly_closing")
    with op.batch_alter_table("delay_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delay_mark_project_id"))

    op.drop_table("delay_mark")
    with op.batch_alter_table("coming_deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_coming_deadline_on")

    op.drop_table("coming_deadline")
    with op.batch_alter_table("circumstance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circumstance_project_id"))

    op.drop_table("circumstance")
    op.drop_table("looked")
    op.drop_table("calendar_feed")
