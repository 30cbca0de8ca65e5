"""The locks agree with each other and with what they were made for."""

import json
import re
from pathlib import Path

from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "tools" / "web"


def pins(name: str) -> dict[str, str]:
    """Package to version of a requirements lock."""
    return dict(re.findall(r"^([\w.-]+)==([^ \\]+)", (ROOT / name).read_text(), flags=re.MULTILINE))


def test_tests_run_on_the_versions_that_the_runtime_has() -> None:
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(runtime) > 50
    assert {name: development.get(name) for name in runtime} == runtime


def test_every_locked_package_has_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[\w.-]+==)", (ROOT / name).read_text())[1:]
        assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_web_bundle_is_of_the_plotly_that_draws() -> None:
    package = json.loads((WEB / "package.json").read_text())
    assert package["dependencies"]["plotly.js"] == get_plotlyjs_version()


def test_the_web_lock_has_exact_versions_and_names_no_registry() -> None:
    wanted = json.loads((WEB / "package.json").read_text())["dependencies"]
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in packages.items() if "resolved" in package] == []
