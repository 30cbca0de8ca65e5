"""The one error that conf raises."""


class ConfError(ValueError):
    """Settings that do not hold; one line a problem, each `FILE: key.path: problem`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
