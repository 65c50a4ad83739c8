"""Why a request that was edited cannot be sent."""


class ResendError(ValueError):
    """What was typed cannot be sent; ``field`` is the one that is wrong, ``row`` its row from 0 where it is a list."""

    def __init__(self, field: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.row = row
