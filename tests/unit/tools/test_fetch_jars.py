"""The jars' lock: what is fetched is what was locked."""

import hashlib
import json
from pathlib import Path

import pytest

from tools.fetch_jars import (
    DRIVER,
    LOCK,
    Jar,
    coordinates,
    file_name,
    missing,
    place,
    read_lock,
    root_coordinate,
    write_lock,
)

CONTENT = b"a jar"
FILE = "org.example_thing_2.13-1.0.jar"
JAR = Jar("org.example:thing_2.13:1.0", FILE, hashlib.sha256(CONTENT).hexdigest())


def jar_folder(folder: Path, content: bytes = CONTENT) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(content)
    return folder


def test_the_committed_lock_is_for_the_installed_delta_and_the_driver() -> None:
    assert {root_coordinate(), DRIVER} <= {jar.coordinate for jar in read_lock(LOCK.read_text())}


def test_a_lock_is_read_as_it_was_written() -> None:
    jars = [JAR, Jar("b:b:1", "b_b-1.jar", "1" * 64)]
    assert read_lock(write_lock(jars)) == sorted(jars)


def test_the_driver_is_not_among_the_jars_of_spark() -> None:
    driver = Jar(DRIVER, file_name(DRIVER), "2" * 64)
    text = write_lock([driver, JAR])
    assert json.loads(text) == {"jars": [JAR._asdict()], "drivers": [driver._asdict()]}
    assert read_lock(text) == [JAR, driver]


def test_a_jar_is_named_as_the_resolver_names_it() -> None:
    assert file_name(JAR.coordinate) == FILE
    assert all(jar.file == file_name(jar.coordinate) for jar in read_lock(LOCK.read_text()))


def test_absent_and_altered_jars_are_missing(tmp_path: Path) -> None:
    assert missing([JAR], tmp_path) == [JAR]
    assert missing([JAR], jar_folder(tmp_path)) == []
    assert missing([JAR], jar_folder(tmp_path, b"altered")) == [JAR]


def test_a_resolved_jar_is_placed(tmp_path: Path) -> None:
    place([JAR], jar_folder(tmp_path / "resolved"), tmp_path / "jars")
    assert missing([JAR], tmp_path / "jars") == []


def test_a_jar_that_differs_from_the_lock_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"thing_2\.13:1\.0: SHA-256 differs"):
        place([JAR], jar_folder(tmp_path / "resolved", b"altered"), tmp_path / "jars")
    assert not list((tmp_path / "jars").iterdir())


def test_coordinates_are_read_from_the_resolvers_report() -> None:
    report = (
        "\tfound io.delta#delta-storage;4.4.0 in central\n\tfound a#b;1 in local-m2-cache\nfound nothing\n"
    )
    assert coordinates(report) == ["a:b:1", "io.delta:delta-storage:4.4.0"]
