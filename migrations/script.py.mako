"""${message}.

Rules: written and tested in both directions; a column is added empty, filled, and only then made
NOT NULL; nothing that running code still reads is dropped in the same release; no import from
`portfolio`, because a migration must mean the same for ever.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
