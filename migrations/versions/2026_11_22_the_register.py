"""The register: all tables of the first whole.

Rules: written and tested in both directions; a column is added empty, filled, and only then made
NOT NULL; nothing that running code still reads is dropped in the same release; no import from
`portfolio`, because a migration must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_the_register"
down_revision = None
branch_labels = None
depends_on = None


SEALED = "the trail is append-only"


def seal_trail() -> None:
    """The database itself refuses to change or delete an entry of the trail."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER trail_entry_no_{verb.lower()} BEFORE {verb} ON trail_entry"
                f" BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_trail_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{SEALED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER trail_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_trail_change()"
    )


def refer_to_stage_act() -> None:
    """Projects and legal acts refer to each other: SQLite says so at once, PostgreSQL once both stand."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_project_stage_act",
            "project",
            "legal_act",
            ["stage_act_id", "stage_act_kind", "id"],
            ["id", "kind", "project_id"],
        )


def make_search() -> None:
    """The index that finds a text without accents: FTS5 on SQLite, trigrams on PostgreSQL."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE register_text USING fts5(folded, content='', prefix='2 3')"
        )
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(
        "CREATE INDEX ix_register_line_folded ON register_line USING gin (folded gin_trgm_ops)"
        " WHERE until IS NULL"
    )


def upgrade() -> None:
    op.create_table(
        "control_total",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=300), nullable=False),
        sa.Column("metric", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("published", sa.String(length=100), nullable=True),
        sa.Column("parts", sa.String(length=500), nullable=True),
        sa.Column("computed", sa.String(length=200), nullable=True),
        sa.Column("difference", sa.String(length=100), nullable=True),
        sa.Column("reconciles", sa.String(length=40), nullable=True),
        sa.Column(
            "group", sa.String(length=40), nullable=True, comment="list that the figure counts"
        ),
        sa.Column(
            "group_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("group_billion", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_total")),
        sa.UniqueConstraint("key", name=op.f("uq_control_total_key")),
    )
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holiday")),
    )
    op.create_table(
        "investor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column(
            "folded", sa.String(length=400), nullable=False, comment="name as it is searched"
        ),
        sa.Column("tax_code", sa.String(length=40), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True, comment="ISO 3166-1"),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("contact", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column(
            "merged_into_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the entry that stands for this one now",
        ),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["investor.id"], name=op.f("fk_investor_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investor")),
    )
    with op.batch_alter_table("investor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investor_folded"), ["folded"], unique=False)
        batch_op.create_index(
            "uq_investor_tax_code",
            ["tax_code"],
            unique=True,
            sqlite_where=sa.text("tax_code IS NOT NULL"),
            postgresql_where=sa.text("tax_code IS NOT NULL"),
        )

    op.create_table(
        "office",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("abbreviation", sa.String(length=80), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "promotion_centre",
                "zone_authority",
                "finance",
                "line_department",
                "commune",
                "committee",
                "other",
                name="officekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_office_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["office.id"], name=op.f("fk_office_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("key", name=op.f("uq_office_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.String(length=20000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_table(
        "parked_form",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "key_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the key"
        ),
        sa.Column("path", sa.String(length=1000), nullable=False, comment="with its query"),
        sa.Column(
            "fields", sa.LargeBinary(), nullable=False, comment="JSON pairs, compressed with zlib"
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="whose session had ended, where known",
        ),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_form")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_parked_form_key_hash")),
    )
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_form_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "policy_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "adopted",
                name="policystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("adopted_by", sa.String(length=200), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(status = 'adopted') = (adopted_on IS NOT NULL)",
            name=op.f("ck_policy_version_adopted_has_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_version_number")),
    )
    op.create_table(
        "register_figure",
        sa.Column("kind", sa.String(length=10), nullable=False, comment="a filter, or all"),
        sa.Column("ref", sa.String(length=40), nullable=False, comment="its value, or empty"),
        sa.Column(
            "zone_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="0: no zone",
        ),
        sa.Column("projects", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "capital_vnd", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column(
            "without_capital", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("late", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ground", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unclear", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", "zone_id", name=op.f("pk_register_figure")),
    )
    op.create_table(
        "sector",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
        sa.UniqueConstraint("key", name=op.f("uq_sector_key")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column(
            "subject",
            sa.String(length=300),
            nullable=False,
            comment="account:<email> or address:<ip>",
        ),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "spent_form",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("result", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_spent_form")),
    )
    with op.batch_alter_table("spent_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_form_at"), ["at"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "code", sa.String(length=40), nullable=False, comment="GSO code, or the register's own"
        ),
        sa.Column("code_official", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="province, city, town, ward, commune …",
        ),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "district",
                "commune",
                name="unitlevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name_variants", sa.String(length=500), nullable=True),
        sa.Column(
            "area_ha", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "population", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_unit_code_valid_from")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "evaluation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "whole",
            sa.Boolean(),
            nullable=False,
            comment="all projects, not only those that were due",
        ),
        sa.Column("projects", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_evaluation_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_on"), ["on"], unique=False)

    op.create_table(
        "succession",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("new_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merged",
                "renamed",
                "unchanged",
                "split",
                name="successionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["new_id"], ["unit.id"], name=op.f("fk_succession_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["unit.id"], name=op.f("fk_succession_old_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint("old_id", "new_id", name=op.f("uq_succession_old_id_new_id")),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_succession_new_id"), ["new_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_succession_old_id"), ["old_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "email", sa.String(length=254), nullable=False, comment="lower case; the sign-in name"
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "centre_officer",
                "zone_officer",
                "finance_officer",
                "leader",
                "administrator",
                "auditor",
                "reader",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=True, comment="Argon2id"),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column(
            "stand_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("stand_in_from", sa.Date(), nullable=True),
        sa.Column("stand_in_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_user_office_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["user.id"], name=op.f("fk_user_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_office_id"), ["office_id"], unique=False)

    op.create_table(
        "zone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("name_variants", sa.String(length=500), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "dynamic_zone",
                "economic_zone",
                "border_gate",
                "industrial_park",
                "industrial_cluster",
                "hitech_agri_zone",
                "tourism_area",
                "urban_area",
                "planning_area",
                "other",
                name="zonekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "in_force",
                "planned",
                "dropped",
                name="zonestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "managing_office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "area_ha", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_doc", sa.String(length=500), nullable=True),
        sa.Column("legal_date", sa.String(length=100), nullable=True, comment="as printed"),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_zone_not_its_own_parent")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_zone_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["managing_office_id"], ["office.id"], name=op.f("fk_zone_managing_office_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["zone.id"], name=op.f("fk_zone_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_zone_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("key", name=op.f("uq_zone_key")),
    )
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_zone_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "export_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False, comment="the filters in words"),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("rows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_export_log_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_log")),
    )
    with op.batch_alter_table("export_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_log_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_export_log_user_id"), ["user_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ref", sa.String(length=40), nullable=False, comment="random; stands in its address"
        ),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False, comment="JSON"),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "interrupted",
                "cancelled",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("error_params", sa.Text(), nullable=True, comment="JSON"),
        sa.Column("file_name", sa.String(length=255), nullable=True, comment="as it is offered"),
        sa.Column("content_type", sa.String(length=100), nullable=True),
        sa.Column("file_size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "stored_as", sa.String(length=80), nullable=True, comment="random name under VAR_DIR"
        ),
        sa.CheckConstraint(
            "(state = 'running') = (heartbeat_at IS NOT NULL)",
            name=op.f("ck_job_running_has_heart"),
        ),
        sa.CheckConstraint(
            "(state IN ('queued', 'running')) = (finished_at IS NULL)",
            name=op.f("ck_job_over_has_end"),
        ),
        sa.CheckConstraint(
            "stored_as IS NULL OR state = 'done'", name=op.f("ck_job_file_only_when_done")
        ),
        sa.CheckConstraint(
            "(stored_as IS NULL) = (file_name IS NULL) AND (stored_as IS NULL) = (file_size IS NULL) AND (stored_as IS NULL) = (content_type IS NULL) AND (stored_as IS NULL) = (sha256 IS NULL)",
            name=op.f("ck_job_file_whole"),
        ),
        sa.CheckConstraint(
            "done >= 0 AND total >= 0 AND attempts >= 0", name=op.f("ck_job_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_job_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("ref", name=op.f("uq_job_ref")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_by_created", ["by_id", "created_at"], unique=False)
        batch_op.create_index("ix_job_state_created", ["state", "created_at"], unique=False)
        batch_op.create_index(
            "uq_job_running_kind",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "project",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="own code, never reused"),
        sa.Column("certificate_no", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("name_as_printed", sa.String(length=500), nullable=True),
        sa.Column("objective", sa.Text(), nullable=True),
        sa.Column("scale", sa.Text(), nullable=True),
        sa.Column(
            "listing",
            sa.Enum(
                "solicited",
                "registered",
                "licensed",
                "closed",
                name="listing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "calling",
                "interested",
                "surveying",
                "preparing",
                "implementing",
                "built_idle",
                "operating",
                "suspended",
                "terminated",
                "revoked",
                "withdrawn",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column(
            "stage_act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "stage_act_kind",
            sa.Enum(
                "policy_approval",
                "certificate",
                "adjustment",
                "land_allocation",
                "land_extension",
                "suspension",
                "resumption",
                "partial_termination",
                "termination",
                "revocation",
                "withdrawal",
                "land_recovery",
                "inspection_conclusion",
                "fine",
                "complaint_decision",
                "survey_permission",
                "deposit_agreement",
                "transfer",
                "listing",
                "other",
                name="actkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("zone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=True),
        sa.Column("address_as_printed", sa.String(length=500), nullable=True),
        sa.Column("latitude", sa.Numeric(9, 6).with_variant(sa.Float(), "sqlite"), nullable=True),
        sa.Column("longitude", sa.Numeric(9, 6).with_variant(sa.Float(), "sqlite"), nullable=True),
        sa.Column("outline", sa.Text(), nullable=True, comment="GeoJSON"),
        sa.Column("plots", sa.String(length=500), nullable=True, comment="map sheets and plots"),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("vsic_version", sa.String(length=10), nullable=True),
        sa.Column("vsic_code", sa.String(length=10), nullable=True),
        sa.Column(
            "form",
            sa.Enum(
                "own_funds",
                "ppp",
                "land_auction",
                "bidding",
                "investor_approval",
                "other",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "area_asked_ha",
            sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column("area_as_printed", sa.String(length=300), nullable=True),
        sa.Column(
            "term_years", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("operating_end", sa.Date(), nullable=True),
        sa.Column(
            "jobs_vietnamese", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "jobs_foreign", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("special_mechanism", sa.String(length=300), nullable=True, comment="resolution"),
        sa.Column("pending_adjustment", sa.Boolean(), nullable=False),
        sa.Column(
            "no_adjustment_right",
            sa.Boolean(),
            nullable=True,
            comment="whether a right to adjust the schedule is left; empty: nobody recorded it",
        ),
        sa.Column(
            "followed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("followed_reason", sa.String(length=500), nullable=True),
        sa.Column(
            "logged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "public_source",
            sa.Boolean(),
            nullable=False,
            comment="entered from public pages: incomplete, no finding of this register",
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entry_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="last entry in the trail",
        ),
        sa.CheckConstraint(
            "(listing = 'solicited' AND stage IN ('calling', 'interested')) OR (listing = 'registered' AND stage IN ('interested', 'surveying')) OR (listing = 'licensed' AND stage IN ('preparing', 'implementing', 'built_idle', 'operating', 'suspended')) OR (listing = 'closed' AND stage IN ('terminated', 'revoked', 'withdrawn'))",
            name=op.f("ck_project_listing_fits_stage"),
        ),
        sa.CheckConstraint(
            "(stage = 'suspended' AND stage_act_kind IS NOT NULL AND stage_act_kind = 'suspension') OR (stage = 'terminated' AND stage_act_kind IS NOT NULL AND stage_act_kind = 'termination') OR (stage = 'revoked' AND stage_act_kind IS NOT NULL AND stage_act_kind = 'revocation') OR (stage = 'withdrawn' AND stage_act_kind IS NOT NULL AND stage_act_kind = 'withdrawal') OR (stage NOT IN ('suspended', 'terminated', 'revoked', 'withdrawn') AND stage_act_kind IS NULL)",
            name=op.f("ck_project_stage_has_act"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_project_point_whole")
        ),
        sa.CheckConstraint(
            "(stage_act_id IS NULL) = (stage_act_kind IS NULL)",
            name=op.f("ck_project_stage_act_whole"),
        ),
        sa.CheckConstraint(
            "(vsic_code IS NULL) = (vsic_version IS NULL)", name=op.f("ck_project_vsic_has_version")
        ),
        sa.CheckConstraint(
            "area_asked_ha IS NULL OR area_asked_ha > 0", name=op.f("ck_project_area_positive")
        ),
        sa.CheckConstraint(
            "coalesce(jobs_vietnamese, 0) >= 0 AND coalesce(jobs_foreign, 0) >= 0",
            name=op.f("ck_project_jobs_not_negative"),
        ),
        sa.CheckConstraint(
            "followed_by_id IS NULL OR followed_reason IS NOT NULL",
            name=op.f("ck_project_override_has_reason"),
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
            name=op.f("ck_project_point_on_earth"),
        ),
        sa.CheckConstraint(
            "term_years IS NULL OR term_years BETWEEN 1 AND 99",
            name=op.f("ck_project_term_sensible"),
        ),
        sa.ForeignKeyConstraint(
            ["followed_by_id"], ["office.id"], name=op.f("fk_project_followed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["logged_by_id"], ["user.id"], name=op.f("fk_project_logged_by_id")
        ),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_project_sector_id")),
        sa.ForeignKeyConstraint(
            ["stage_act_id", "stage_act_kind", "id"],
            ["legal_act.id", "legal_act.kind", "legal_act.project_id"],
            name="fk_project_stage_act",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_project_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_sector_id"), ["sector_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_zone_id"), ["zone_id"], unique=False)
        batch_op.create_index(
            "uq_project_certificate_no",
            ["certificate_no"],
            unique=True,
            sqlite_where=sa.text("certificate_no IS NOT NULL"),
            postgresql_where=sa.text("certificate_no IS NOT NULL"),
        )

    op.create_table(
        "reset_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reset_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reset_link_token_hash")),
    )
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reset_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=400),
            nullable=False,
            comment="folded: names that differ in accents only would be mistaken",
        ),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column(
            "office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("shared", sa.Boolean(), nullable=False, comment="with the owner's office"),
        sa.Column(
            "query",
            sa.String(length=2000),
            nullable=False,
            comment="filters and order, as in the address",
        ),
        sa.Column(
            "columns",
            sa.String(length=300),
            nullable=False,
            comment="chosen ones; empty: the usual",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_saved_view_office_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "name_key", name=op.f("uq_saved_view_owner_id_name_key")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_office_id"), ["office_id"], unique=False)

    op.create_table(
        "trail_entry",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="empty: the program",
        ),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "subject_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.LargeBinary(), nullable=False, comment="JSON, compressed with zlib"),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_trail_entry_by_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_trail_entry_subject", ["subject_kind", "subject_id", "seq"], unique=False
        )

    op.create_table(
        "user_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "fresh_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last time the password was given",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_zone",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("zone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_zone_user_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_user_zone_zone_id")),
        sa.PrimaryKeyConstraint("user_id", "zone_id", name=op.f("pk_user_zone")),
    )
    op.create_table(
        "alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_alias_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_alias_project_id_name")),
    )
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alias_project_id"), ["project_id"], unique=False)

    op.create_table(
        "deposit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("exemption", sa.String(length=40), nullable=True),
        sa.Column(
            "amount", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("guarantee_expires_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "NOT (required AND exemption IS NOT NULL)", name=op.f("ck_deposit_required_or_exempt")
        ),
        sa.CheckConstraint(
            "amount IS NULL OR amount >= 0", name=op.f("ck_deposit_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_deposit_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("project_id", name=op.f("uq_deposit_project_id")),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column(
            "scope", sa.String(length=80), nullable=False, comment="phase or parcel, or empty"
        ),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True, comment="first day the condition is true"),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("law", sa.String(length=200), nullable=True),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "opened_on", sa.Date(), nullable=False, comment="day of the evaluation that found it"
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_why", sa.String(length=200), nullable=True),
        sa.Column(
            "entry_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="state of the project it was computed from",
        ),
        sa.Column("inputs", sa.JSON(), nullable=False, comment="name, value and source of each"),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (closed_why IS NULL)", name=op.f("ck_flag_closing_has_reason")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_flag_closes_after_opening")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_flag_policy_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_flag_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flag_rule"), ["rule"], unique=False)
        batch_op.create_index(
            "ix_flag_by_severity",
            ["severity", "held", "project_id", "rule", "since"],
            unique=False,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        batch_op.create_index(
            "uq_flag_open",
            ["project_id", "rule", "scope"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )

    op.create_table(
        "happening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=True, comment="empty: the source gives no day"),
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
            nullable=True,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "inspection",
                "report",
                "proposal",
                "news",
                "other",
                name="happeningkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shows_progress", sa.Boolean(), nullable=False, comment="a sign of life"),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_happening_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_happening")),
    )
    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_happening_project_id"), ["project_id"], unique=False)

    op.create_table(
        "legal_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "policy_approval",
                "certificate",
                "adjustment",
                "land_allocation",
                "land_extension",
                "suspension",
                "resumption",
                "partial_termination",
                "termination",
                "revocation",
                "withdrawal",
                "land_recovery",
                "inspection_conclusion",
                "fine",
                "complaint_decision",
                "survey_permission",
                "deposit_agreement",
                "transfer",
                "listing",
                "other",
                name="actkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("sign", sa.String(length=60), nullable=True, comment="e.g. QĐ-UBND"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="empty: the source gives no day"),
        sa.Column(
            "issued_precision",
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
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column(
            "office", sa.String(length=300), nullable=True, comment="issuing office as printed"
        ),
        sa.Column(
            "law", sa.String(length=60), nullable=True, comment="law version it was made under"
        ),
        sa.Column("clause", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "sign IS NULL OR number IS NOT NULL", name=op.f("ck_legal_act_sign_has_number")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_legal_act_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_act")),
        sa.UniqueConstraint(
            "id", "kind", "project_id", name=op.f("uq_legal_act_id_kind_project_id")
        ),
    )
    with op.batch_alter_table("legal_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_act_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            "uq_legal_act_paper",
            ["project_id", "number", "sign", "issued_on", "office"],
            unique=True,
            sqlite_where=sa.text("number IS NOT NULL"),
            postgresql_where=sa.text("number IS NOT NULL"),
        )

    op.create_table(
        "next_change",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column(
            "entry_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="state that was evaluated last",
        ),
        sa.Column(
            "policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_next_change_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_next_change_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_next_change")),
    )
    with op.batch_alter_table("next_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_next_change_on"), ["on"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", sa.String(length=300), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "claimed",
                "accepted",
                "rejected",
                name="pausestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claimed_by", sa.String(length=200), nullable=False),
        sa.Column(
            "claimed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "status <> 'accepted' OR paper IS NOT NULL", name=op.f("ck_pause_acceptance_has_paper")
        ),
        sa.CheckConstraint(
            "status = 'claimed' OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_pause_decision_is_signed"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_pause_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["user.id"], name=op.f("fk_pause_claimed_by_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_pause_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_project_id"), ["project_id"], unique=False)

    op.create_table(
        "phase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("objective", sa.String(length=4000), nullable=True),
        sa.Column(
            "capital", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "area_ha", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("completed_on", sa.Date(), nullable=True, comment="objectives completed"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_phase_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_phase_project_id_number")),
    )
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_investor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "investor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "role",
            sa.Enum(
                "lead",
                "member",
                "transferee",
                "former",
                name="investorrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "share",
            sa.Numeric(5, 2).with_variant(sa.Float(), "sqlite"),
            nullable=True,
            comment="percent",
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "share IS NULL OR (share > 0 AND share <= 100)",
            name=op.f("ck_project_investor_share_percent"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since",
            name=op.f("ck_project_investor_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_project_investor_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_investor_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_investor")),
    )
    with op.batch_alter_table("project_investor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_investor_investor_id"), ["investor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_investor_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "project_place",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("principal", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_place_project_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_place_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_place")),
        sa.UniqueConstraint(
            "project_id", "unit_id", name=op.f("uq_project_place_project_id_unit_id")
        ),
    )
    with op.batch_alter_table("project_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_place_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_project_place_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_project_place_principal",
            ["project_id"],
            unique=True,
            sqlite_where=sa.text("principal"),
            postgresql_where=sa.text("principal"),
        )

    op.create_table(
        "register_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entry_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="entry in the trail that it was written from",
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="moment of the entry: facts changed, not only findings",
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=1600).with_variant(
                sa.String(length=1600, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("investors", sa.String(length=1000), nullable=False),
        sa.Column(
            "investor_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("listing", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column(
            "stage_order",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="along the lists and a project's life",
        ),
        sa.Column("zone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("zone_name", sa.String(length=300), nullable=False),
        sa.Column(
            "zone_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("places", sa.String(length=500), nullable=False),
        sa.Column(
            "place_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sector_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sector_name", sa.String(length=200), nullable=False),
        sa.Column(
            "sector_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "capital_vnd", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "capital_sort",
            sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=False,
        ),
        sa.Column("capital_printed", sa.String(length=300), nullable=True),
        sa.Column(
            "area_ha", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "area_sort", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column(
            "due_on", sa.Date(), nullable=True, comment="end of the latest approved schedule"
        ),
        sa.Column("due_sort", sa.Date(), nullable=False),
        sa.Column("certificate_no", sa.String(length=255), nullable=True),
        sa.Column(
            "certificate_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("public_source", sa.Boolean(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False, comment="all that is searched, folded"),
        sa.Column("schedule_state", sa.String(length=20), nullable=False),
        sa.Column(
            "state_order",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="place of the state in a sorted list",
        ),
        sa.Column(
            "severity",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="of the worst finding that is not held",
        ),
        sa.Column(
            "flags",
            sa.Text(),
            nullable=False,
            comment="JSON: rule, severity, held, since and deadline of each finding",
        ),
        sa.Column(
            "tally",
            sa.BigInteger(),
            nullable=False,
            comment="late, ground, unclear, no capital: 15 bits each, so that one sum counts all four",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_register_line_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_line")),
    )
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_register_line_area",
            ["area_sort", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_capital",
            [
                "capital_sort",
                "id",
                "tally",
                "listing",
                "stage",
                "zone_id",
                "sector_id",
                "schedule_state",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_certificate",
            ["certificate_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_changed",
            ["entry_seq", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_code",
            ["code", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_due",
            ["due_sort", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_investor",
            ["investor_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_listing_capital",
            [
                "listing",
                "capital_sort",
                "id",
                "tally",
                "stage",
                "zone_id",
                "sector_id",
                "schedule_state",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_name",
            ["name_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_period", ["project_id", "since", "until"], unique=False
        )
        batch_op.create_index(
            "ix_register_line_place",
            ["place_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_project",
            ["project_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_sector",
            ["sector_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_sector_capital",
            [
                "sector_id",
                "capital_sort",
                "id",
                "tally",
                "listing",
                "stage",
                "zone_id",
                "schedule_state",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_severity_capital",
            [
                "severity",
                "capital_sort",
                "id",
                "tally",
                "listing",
                "stage",
                "zone_id",
                "sector_id",
                "schedule_state",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_stage",
            ["stage_order", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_stage_capital",
            [
                "stage",
                "capital_sort",
                "id",
                "tally",
                "listing",
                "zone_id",
                "sector_id",
                "schedule_state",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_state",
            ["state_order", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_state_capital",
            [
                "schedule_state",
                "capital_sort",
                "id",
                "tally",
                "listing",
                "stage",
                "zone_id",
                "sector_id",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_warnings",
            ["severity", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_zone",
            ["zone_key", "id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "ix_register_line_zone_capital",
            [
                "zone_id",
                "capital_sort",
                "id",
                "tally",
                "listing",
                "stage",
                "sector_id",
                "schedule_state",
                "severity",
            ],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "about",
            sa.String(length=40),
            nullable=False,
            comment="capital, area, stage, schedule, …",
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True, comment="page, sheet and cell"),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_source_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_project_id"), ["project_id"], unique=False)

    op.create_table(
        "translation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "made_from", sa.Text(), nullable=False, comment="the Vietnamese text it translates"
        ),
        sa.CheckConstraint(
            "field IN ('name', 'objective', 'scale')", name=op.f("ck_translation_field_is_prose")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_translation_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "project_id", "field", "language", name=op.f("uq_translation_project_id_field_language")
        ),
    )
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_translation_project_id"), ["project_id"], unique=False)

    op.create_table(
        "capital_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "estimated",
                "registered",
                "adjusted",
                "realised",
                name="capitalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column(
            "on_precision",
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
        sa.Column(
            "amount", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "vnd_amount", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "rate",
            sa.Numeric(14, 4).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
            comment="VND for one unit",
        ),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column(
            "equity", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("loan", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column(
            "state_part", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "other_part", sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("as_printed", sa.String(length=300), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "currency <> 'VND' OR amount IS NULL OR (vnd_amount IS NOT NULL AND vnd_amount = amount)",
            name=op.f("ck_capital_version_vnd_is_amount"),
        ),
        sa.CheckConstraint(
            "currency = 'VND' OR vnd_amount IS NULL OR (rate IS NOT NULL AND rate_on IS NOT NULL)",
            name=op.f("ck_capital_version_foreign_money_has_rate"),
        ),
        sa.CheckConstraint(
            "amount IS NOT NULL OR as_printed IS NOT NULL",
            name=op.f("ck_capital_version_says_something"),
        ),
        sa.CheckConstraint(
            "amount IS NULL OR amount >= 0", name=op.f("ck_capital_version_amount_not_negative")
        ),
        sa.CheckConstraint(
            "amount IS NULL OR coalesce(equity, 0) + coalesce(loan, 0) + coalesce(state_part, 0) + coalesce(other_part, 0) <= amount",
            name=op.f("ck_capital_version_parts_within_amount"),
        ),
        sa.CheckConstraint(
            "coalesce(equity, 0) >= 0 AND coalesce(loan, 0) >= 0 AND coalesce(state_part, 0) >= 0 AND coalesce(other_part, 0) >= 0",
            name=op.f("ck_capital_version_parts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["legal_act.id"], name=op.f("fk_capital_version_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_capital_version_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capital_version")),
    )
    with op.batch_alter_table("capital_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capital_version_act_id"), ["act_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_capital_version_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "land_handover",
                "start",
                "completion",
                "operation",
                "capital_paid",
                name="milestonekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column(
            "met_precision",
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
            nullable=True,
        ),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("forecast_on", sa.Date(), nullable=True),
        sa.Column("last_reviewed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_milestone_phase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("phase_id", "kind", name=op.f("uq_milestone_phase_id_kind")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_phase_id"), ["phase_id"], unique=False)

    op.create_table(
        "parcel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "area_ha", sa.Numeric(16, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("first_used_on", sa.Date(), nullable=True),
        sa.Column("schedule_end", sa.Date(), nullable=True),
        sa.Column("extension_decision", sa.String(length=200), nullable=True),
        sa.Column("extension_from", sa.Date(), nullable=True),
        sa.Column("extension_to", sa.Date(), nullable=True),
        sa.Column(
            "extension_amount_due",
            sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "extension_amount_paid",
            sa.Numeric(20, 2).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column("recovered_on", sa.Date(), nullable=True),
        sa.Column("recovery_ground", sa.String(length=300), nullable=True),
        sa.Column(
            "recovery_act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(extension_from IS NULL) = (extension_to IS NULL) AND (extension_from IS NULL OR extension_to >= extension_from)",
            name=op.f("ck_parcel_extension_whole"),
        ),
        sa.CheckConstraint("area_ha IS NULL OR area_ha > 0", name=op.f("ck_parcel_area_positive")),
        sa.CheckConstraint(
            "extension_from IS NULL OR extension_decision IS NOT NULL",
            name=op.f("ck_parcel_extension_has_decision"),
        ),
        sa.CheckConstraint(
            "first_used_on IS NULL OR handed_over_on IS NULL OR first_used_on >= handed_over_on",
            name=op.f("ck_parcel_used_after_handover"),
        ),
        sa.CheckConstraint(
            "recovered_on IS NULL OR recovery_act_id IS NOT NULL",
            name=op.f("ck_parcel_recovery_has_act"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_parcel_project_id")),
        sa.ForeignKeyConstraint(
            ["recovery_act_id"], ["legal_act.id"], name=op.f("fk_parcel_recovery_act_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
    )
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_project_id"), ["project_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_parcel_recovery_act_id"), ["recovery_act_id"], unique=False
        )

    op.create_table(
        "register_line_part",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["register_line.id"], name=op.f("fk_register_line_part_line_id")
        ),
        sa.PrimaryKeyConstraint("kind", "ref", "line_id", name=op.f("pk_register_line_part")),
    )
    with op.batch_alter_table("register_line_part", schema=None) as batch_op:
        batch_op.create_index("ix_register_line_part_line", ["line_id"], unique=False)

    op.create_table(
        "schedule_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "registered",
                "ipa",
                "irc",
                "adjusted",
                name="schedulekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "exception_code",
            sa.String(length=4),
            nullable=True,
            comment="Law 143/2025/QH15, Article 33.4, points a to g",
        ),
        sa.Column("source", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_schedule_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["act_id"], ["legal_act.id"], name=op.f("fk_schedule_version_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_schedule_version_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_version")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_schedule_version_project_id_number")
        ),
    )
    with op.batch_alter_table("schedule_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_version_act_id"), ["act_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_schedule_version_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "stored_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["legal_act.id"], name=op.f("fk_stored_file_act_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_stored_file_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_stored_file_stored_as")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_act_id"), ["act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_project_id"), ["project_id"], unique=False)

    op.create_table(
        "parcel_interval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "interruption",
                "force_majeure",
                name="intervalkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("paper", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_parcel_interval_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcel.id"], name=op.f("fk_parcel_interval_parcel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_interval")),
    )
    with op.batch_alter_table("parcel_interval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_parcel_interval_parcel_id"), ["parcel_id"], unique=False
        )

    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "schedule_version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("planned_on", sa.Date(), nullable=False),
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
        sa.Column("as_printed", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_target_milestone_id")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_version_id"],
            ["schedule_version.id"],
            name=op.f("fk_target_schedule_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "schedule_version_id",
            "milestone_id",
            name=op.f("uq_target_schedule_version_id_milestone_id"),
        ),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_target_schedule_version_id"), ["schedule_version_id"], unique=False
        )
    refer_to_stage_act()
    seal_trail()
    make_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE register_text")
    else:
        op.drop_constraint("fk_project_stage_act", "project", type_="foreignkey")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_target_schedule_version_id"))
        batch_op.drop_index(batch_op.f("ix_target_milestone_id"))

    op.drop_table("target")
    with op.batch_alter_table("parcel_interval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_interval_parcel_id"))

    op.drop_table("parcel_interval")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_project_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_act_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("schedule_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedule_version_project_id"))
        batch_op.drop_index(batch_op.f("ix_schedule_version_act_id"))

    op.drop_table("schedule_version")
    with op.batch_alter_table("register_line_part", schema=None) as batch_op:
        batch_op.drop_index("ix_register_line_part_line")

    op.drop_table("register_line_part")
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_recovery_act_id"))
        batch_op.drop_index(batch_op.f("ix_parcel_project_id"))

    op.drop_table("parcel")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_phase_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("capital_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capital_version_project_id"))
        batch_op.drop_index(batch_op.f("ix_capital_version_act_id"))

    op.drop_table("capital_version")
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_translation_project_id"))

    op.drop_table("translation")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_project_id"))

    op.drop_table("source")
    with op.batch_alter_table("register_line", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_register_line_zone_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_zone",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_warnings",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_state_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_state",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_stage_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_stage",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_severity_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_sector_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_sector",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_project",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_place",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index("ix_register_line_period")
        batch_op.drop_index(
            "ix_register_line_name",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_listing_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_investor",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_due",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_code",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_changed",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_certificate",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_capital",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(
            "ix_register_line_area",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.drop_table("register_line")
    with op.batch_alter_table("project_place", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_project_place_principal",
            sqlite_where=sa.text("principal"),
            postgresql_where=sa.text("principal"),
        )
        batch_op.drop_index(batch_op.f("ix_project_place_unit_id"))
        batch_op.drop_index(batch_op.f("ix_project_place_project_id"))

    op.drop_table("project_place")
    with op.batch_alter_table("project_investor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_investor_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_investor_investor_id"))

    op.drop_table("project_investor")
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phase_project_id"))

    op.drop_table("phase")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_project_id"))

    op.drop_table("pause")
    with op.batch_alter_table("next_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_next_change_on"))

    op.drop_table("next_change")
    with op.batch_alter_table("legal_act", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_legal_act_paper",
            sqlite_where=sa.text("number IS NOT NULL"),
            postgresql_where=sa.text("number IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_legal_act_project_id"))

    op.drop_table("legal_act")
    with op.batch_alter_table("happening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_happening_project_id"))

    op.drop_table("happening")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flag_open",
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        batch_op.drop_index(
            "ix_flag_by_severity",
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_flag_rule"))
        batch_op.drop_index(batch_op.f("ix_flag_project_id"))

    op.drop_table("flag")
    op.drop_table("deposit")
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alias_project_id"))

    op.drop_table("alias")
    op.drop_table("user_zone")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_subject")
        batch_op.drop_index(batch_op.f("ix_trail_entry_at"))

    op.drop_table("trail_entry")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_office_id"))

    op.drop_table("saved_view")
    with op.batch_alter_table("reset_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reset_link_user_id"))

    op.drop_table("reset_link")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_project_certificate_no",
            sqlite_where=sa.text("certificate_no IS NOT NULL"),
            postgresql_where=sa.text("certificate_no IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_project_zone_id"))
        batch_op.drop_index(batch_op.f("ix_project_sector_id"))

    op.drop_table("project")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_running_kind",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index("ix_job_state_created")
        batch_op.drop_index("ix_job_by_created")

    op.drop_table("job")
    with op.batch_alter_table("export_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_export_log_user_id"))
        batch_op.drop_index(batch_op.f("ix_export_log_at"))

    op.drop_table("export_log")
    with op.batch_alter_table("zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_zone_parent_id"))

    op.drop_table("zone")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_office_id"))

    op.drop_table("user")
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_succession_old_id"))
        batch_op.drop_index(batch_op.f("ix_succession_new_id"))

    op.drop_table("succession")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_on"))

    op.drop_table("evaluation")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    op.drop_table("trail_head")
    with op.batch_alter_table("spent_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_form_at"))

    op.drop_table("spent_form")
    op.drop_table("sign_in_failure")
    op.drop_table("sector")
    op.drop_table("register_figure")
    op.drop_table("policy_version")
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parked_form_expires_at"))

    op.drop_table("parked_form")
    op.drop_table("outbox")
    op.drop_table("office")
    with op.batch_alter_table("investor", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_investor_tax_code",
            sqlite_where=sa.text("tax_code IS NOT NULL"),
            postgresql_where=sa.text("tax_code IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_investor_folded"))

    op.drop_table("investor")
    op.drop_table("holiday")
    op.drop_table("control_total")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_trail_change()")
