"""The documents tell every column of gold."""

import re
from pathlib import Path

import pytest

from jobs.lake import schemas

TABLES = [name for name in vars(schemas) if name.isupper() and isinstance(getattr(schemas, name), str)]


@pytest.mark.parametrize("table", TABLES)
def test_architecture_names_every_column(table: str) -> None:
    text = Path("docs/architecture.md").read_text(encoding="utf-8")
    section = re.search(rf"### gold\.{table.lower()}\b.*?(?=\n### |\Z)", text, re.S)
    assert section, f"docs/architecture.md has no section for gold.{table.lower()}"
    words = set(re.findall(r"[a-z_0-9]+", section.group(0)))
    missing = [column for column in schemas.names(getattr(schemas, table)) if column not in words]
    assert not missing
