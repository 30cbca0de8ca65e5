"""Tables are read wherever a lake stands."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from conf import delta


@pytest.mark.parametrize("folder", ["lake", "湖", "a b", "50%", "湖 一#"])
def test_a_table_is_read_below_a_folder_of_any_name(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "t"
    rows = pl.DataFrame({"n": [1, 2], "part": ["x/y z", "中"]})
    rows.write_delta(str(path), delta_write_options={"partition_by": ["part"]})
    assert delta.scan(path).sort("n").collect().equals(rows)
    assert delta.scan(path, 0).filter(pl.col("part") == "中").collect()["n"].to_list() == [2]
    named = delta.files(path)
    assert len(named) == 2
    assert all(file.is_file() for file in named)
