"""An older database becomes one of today, with what it holds."""

from sqlalchemy import text

from tests.history.conftest import made_run, summary
from workbench.history import History


def test_a_database_of_before_gets_a_place_for_what_is_known_now(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    with History.open(url) as history, history.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE runs DROP COLUMN handler_seconds"))
        connection.execute(text("ALTER TABLE runs DROP COLUMN incomplete"))
        connection.execute(text("UPDATE version SET number = 1"))
    with History.open(url) as history:
        history.save(made_run(1, started_at=0.1, left_at=0.2), summary(incomplete=2))
        [entry] = history.entries()
        assert (entry.handler_seconds, entry.summary.incomplete) == (0.1, 2)
