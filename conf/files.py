"""Reading YAML and CSV files of conf into checked models, collecting all problems on the way."""

import csv
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written = [key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        keys = [self.construct_object(key, deep=True) for key in written]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


class Reader:
    """Reads files below `root`; what does not hold goes to `problems` as `FILE: key.path: problem`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []

    def note(self, file: str, key: str, problem: str) -> None:
        """Keep one problem."""
        self.problems.append(f"{file}: {key}: {problem}")

    def names(self, pattern: str) -> list[str]:
        """Files below the root that match, sorted."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))

    def yaml(self, file: str) -> Any:
        """Content of a YAML file, or None with a problem noted."""
        try:
            with (self.root / file).open(encoding="utf-8") as stream:
                return yaml.load(stream, Loader=_StrictLoader)
        except OSError as error:
            self.note(file, "-", error.strerror or "cannot be read")
        except UnicodeDecodeError as error:
            self.note(file, "-", f"is not UTF-8 (byte {error.start})")
        except yaml.MarkedYAMLError as error:
            line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "-"
            self.note(file, line, str(error.problem))
        return None

    def csv(self, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
        """Rows of a CSV file with exactly these columns, or none with a problem noted."""
        try:
            with (self.root / file).open(encoding="utf-8", newline="") as stream:
                rows = csv.DictReader(stream)
                if tuple(rows.fieldnames or ()) != columns:
                    self.note(file, "header", f"must be {','.join(columns)}")
                    return []
                good: list[dict[str, str]] = []
                for row in rows:
                    if None in row or None in row.values():
                        self.note(file, f"line {rows.line_num}", f"must have {len(columns)} fields")
                    else:
                        good.append(row)
                return good
        except OSError as error:
            self.note(file, "-", error.strerror or "cannot be read")
        except UnicodeDecodeError as error:
            self.note(file, "-", f"is not UTF-8 (byte {error.start})")
        return []

    def model(self, file: str, key: str, model: type[M], data: Any) -> M | None:
        """Data checked against a model, or None with every fault noted below `key`."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for fault in error.errors():
                path = ".".join([key, *map(str, fault["loc"])] if key else list(map(str, fault["loc"])))
                self.note(file, path or "-", fault["msg"].removeprefix("Value error, "))
        return None

    def table(self, file: str, model: type[M]) -> dict[str, M]:
        """A YAML mapping of code → entry, each entry checked against the model."""
        return self.entries(file, "", self.yaml(file), model)

    def mapping(self, file: str, key: str, data: Any) -> dict[str, Any]:
        """Data with its text keys if it is a mapping, else an empty one with a problem noted."""
        if not isinstance(data, dict):
            self._missing(file, key, data, "must be a mapping of code to entry")
            return {}
        for code in data:
            if not isinstance(code, str):
                self.note(
                    file, f"{key}.{code}" if key else str(code), "the code must be text (put it in quotes)"
                )
        return {code: entry for code, entry in data.items() if isinstance(code, str)}

    def entries(self, file: str, key: str, data: Any, model: type[M]) -> dict[str, M]:
        """A mapping of code → entry below `key`, each entry checked against the model."""
        found = {}
        for code, entry in self.mapping(file, key, data).items():
            checked = self.model(file, f"{key}.{code}" if key else code, model, entry)
            if checked is not None:
                found[code] = checked
        return found

    def list(self, file: str, name: str, model: type[M]) -> list[M]:
        """A YAML list of entries, each checked; an entry is called by its field `name` in problems."""
        data = self.yaml(file)
        if not isinstance(data, list):
            self._missing(file, "", data, "must be a list of entries")
            return []
        found = []
        for position, entry in enumerate(data, 1):
            label = str(entry.get(name, position)) if isinstance(entry, dict) else str(position)
            if (checked := self.model(file, label, model, entry)) is not None:
                found.append(checked)
        return found

    def _missing(self, file: str, key: str, data: Any, problem: str) -> None:
        """Note the problem, unless the file could not be read, which has been noted already."""
        if data is not None or not any(line.startswith(f"{file}: ") for line in self.problems):
            self.note(file, key or "-", problem)
