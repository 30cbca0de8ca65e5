"""Tables are read wherever a lake stands."""

from __future__ import annotations

import struct
import zlib
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


@pytest.mark.parametrize("folder", ["plain", "a b", "数据 湖"])
def test_a_relative_path_is_read_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / folder)
    path = Path("lake") / "t"
    pl.DataFrame({"n": [1, 2]}).write_delta(str(path.resolve()))
    assert delta.scan(path).collect()["n"].to_list() == [1, 2]
    assert [file.is_file() for file in delta.files(path)] == [True]


def spark_checksum(file: Path) -> None:
    """As Spark writes it beside each of its files."""
    content = file.read_bytes()
    parts = [zlib.crc32(content[at : at + 512]) for at in range(0, len(content), 512)]
    told = b"crc\0" + struct.pack(">i", 512) + b"".join(struct.pack(">I", part) for part in parts)
    file.with_name(f".{file.name}.crc").write_bytes(told)


def test_a_damaged_byte_in_a_log_is_never_read_as_something_else(tmp_path: Path) -> None:
    path = tmp_path / "gold" / "t"
    rows = pl.DataFrame({"n": [1, 2]})
    rows.write_delta(str(path))
    rows.write_delta(str(path), mode="append")
    log = path / "_delta_log" / f"{1:020}.json"
    whole = log.read_bytes()
    damaged = whole.replace(b'{"add"', b'{"\x21dd"')
    assert damaged != whole
    log.write_bytes(damaged)
    assert delta.scan(path).collect().height == 2, "delta-rs alone takes the rows for not there"
    log.write_bytes(whole)
    spark_checksum(log)
    assert delta.scan(path).collect().height == 4
    log.write_bytes(damaged)
    for read in (delta.scan, delta.files):
        with pytest.raises(delta.DamagedLogError, match=f"gold/t/_delta_log/{1:020}.json: is damaged"):
            read(path)
    assert delta.scan(path, 0).collect().height == 2, "an earlier version does not rest on it"
