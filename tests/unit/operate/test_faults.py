"""A failure is told by class and place."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

import pytest

from conf import ConfError
from conf.operations import remedies
from jobs.operate.faults import fault_of


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def noted(error: Exception, note: str) -> Exception:
    error.add_note(note)
    return error


@pytest.mark.parametrize(
    ("error", "name", "place"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "lake/gold"), "no_space", "lake/gold"),
        (sqlite3.OperationalError("database or disk is full"), "no_space", ""),
        (PermissionError(13, "Permission denied", "x.csv"), "no_permission", "x.csv"),
        (RuntimeError("[CANNOT_READ_FILE] file:/l/silver/health_birth/part-0.parquet."), "file_damaged",
         "silver/health_birth/part-0.parquet"),
        (RuntimeError("[DELTA_LOG_FILE_NOT_FOUND] in l/gold/indicator/_delta_log"), "log_damaged",
         "gold/indicator/_delta_log"),
        (RuntimeError("io.delta.exceptions.ConcurrentAppendException: gold/quality"), "two_writers", "gold/quality"),
        (RuntimeError("org.apache.hadoop.fs.ChecksumException: Checksum error: file:/l/gold/x/_delta_log/0.json at 0"),
         "log_damaged", "gold/x/_delta_log/0.json"),
        (RuntimeError("ChecksumException: Checksum error: file:/l/gold/x/p.parquet at 0"), "file_damaged",
         "gold/x/p.parquet"),
        (RuntimeError("java.lang.OutOfMemoryError: Java heap space"), "no_memory", ""),
        (caused(RuntimeError("step"), OSError(errno.ENOSPC, "No space left on device")), "no_space", ""),
        (ConfError(["settings.yaml: spark.master: Field required"]), "settings", "settings.yaml: spark.master"),
        (KeyboardInterrupt(), "interrupted", ""),
        (noted(ValueError("?"), "while reading table health_birth"), "unknown", "health_birth"),
    ],
)  # fmt: skip
def test_class_and_place(error: BaseException, name: str, place: Any) -> None:
    fault = fault_of(error, remedies())
    assert (fault.error, fault.place) == (name, place)


def test_the_message_is_the_first_line(tmp_path: Any) -> None:
    assert fault_of(ValueError("\none\ntwo"), remedies()).message == "one"
    assert fault_of(KeyError(), remedies()).message == "KeyError"


def test_every_class_says_what_to_do_in_both_languages() -> None:
    for name, remedy in remedies().items():
        assert any("\u4e00" <= c <= "\u9fff" for c in remedy.remedy.zh), name
        assert not any("\u4e00" <= c <= "\u9fff" for c in remedy.remedy.en), name
    assert list(remedies())[-1] == "unknown", "its pattern fits everything"
