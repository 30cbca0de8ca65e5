"""No forged request succeeds; and each kind would be noticed if it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cockpit.access.reader import reader_of
from tests.unit.cockpit_access import forged
from tests.unit.cockpit_access.conftest import House

FEWEST = 200


@pytest.fixture
def attacked(house: House) -> House:
    if house.store.accounts.find("gone") is None:
        house.store.accounts.add(
            "gone", shown="gone", role="analyst", regions=["440000"], grade="internal", password=None
        )
    return house


def test_no_forged_request_succeeds(attacked: House, capsys: pytest.CaptureFixture[str]) -> None:
    counted: Counter[int] = Counter()
    failed, broken = [], []
    for attempt in forged.attempts(attacked):
        answer = attempt.send()
        counted[answer.status_code] += 1
        if forged.succeeded(attempt, answer):
            failed.append(attempt.name)
        if answer.status_code == 500:
            broken.append(attempt.name)
    with capsys.disabled():
        print(
            f"\nforged requests: {counted.total()} sent, {len(failed)} succeeded ({dict(sorted(counted.items()))})"
        )

    assert not failed
    assert not broken
    assert counted.total() >= FEWEST
    assert attacked.store.audit.verify().broken is None


@pytest.mark.parametrize("hole", ["session", "region", "role", "report"])
def test_hole_would_be_noticed(attacked: House, monkeypatch: pytest.MonkeyPatch, hole: str) -> None:
    everything = attacked.store.accounts.find("li")
    assert everything is not None
    if hole == "session":
        tried = [each for each in forged.without_session(attacked) if "made-up" in each.name]
        monkeypatch.setattr(attacked.store.sessions, "find", lambda *_: everything)
    elif hole == "region":
        tried = list(forged.wrong_region(attacked, "planner"))
        monkeypatch.setattr("cockpit.access.gate.reader_of", lambda _account: reader_of(everything))
    elif hole == "role":
        tried = list(forged.wrong_role(attacked, "auditor"))
        monkeypatch.setattr("cockpit.access.gate.reader_of", lambda _account: reader_of(everything))
    else:
        tried = list(forged.foreign_reports(attacked))
        secret = replace(attacked.store.reports.of("li")[0], regions=everything.regions)
        monkeypatch.setattr(attacked.store.reports, "find", lambda *_: secret)

    assert any(forged.succeeded(each, each.send()) for each in tried)


def test_changed_report_is_not_handed_out(attacked: House) -> None:
    report = attacked.store.reports.ask("li", ["440000", "370000"], "internal", "docx", {})
    path = forged.report_path(attacked.lake, report, "a.docx")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"made")
    attacked.store.reports.done(report, "a.docx", 4, forged.hashlib.sha256(b"made").hexdigest())
    client = attacked.client_of("li")
    own = client.get(f"/report/{report}")
    assert (own.status_code, own.data) == (200, b"made")
    assert "attachment" in own.headers["Content-Disposition"]
    path.write_bytes(b"changed")
    assert client.get(f"/report/{report}").status_code == 410
    assert [entry.outcome for entry in attacked.store.audit.newest(2)] == ["changed", "ok"]
