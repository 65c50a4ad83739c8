"""An older database becomes one of today, with what it holds."""

from sqlalchemy import text

from tests.history.conftest import made_run, summary
from workbench.history import History


def test_a_database_without_the_handlers_share_gets_a_place_for_it(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    with History.open(url) as history, history.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE runs DROP COLUMN handler_seconds"))
        connection.execute(text("UPDATE version SET number = 1"))
    with History.open(url) as history:
        history.save(made_run(1, started_at=0.1, left_at=0.2), summary())
        [entry] = history.entries()
        assert entry.handler_seconds == 0.1
