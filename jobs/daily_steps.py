"""The steps of the daily run in order, each recorded in the ledger and safe to repeat after a kill."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import conf
from conf import ConfError
from jobs.context import Context
from jobs.lake import inspection, session, tables
from jobs.lake.landing import LandedFile
from jobs.lake.ledger import Ledger, now
from jobs.lake.paths import Lake
from jobs.plan import Plan, delivery_fingerprints
from jobs.steps import (
    definitions,
    forecasts,
    indicators,
    ingest,
    projection,
    publish,
    quality,
    targets,
    warnings,
)
from jobs.steps.ingest import FATES, Tally
from jobs.summary import print_summary
from themes.common.indicators import union

_TABLES_AT_ONCE = 3


class Daily:
    """One run over one lake. Parts whose inputs did not change since they were last built are left alone."""

    def __init__(
        self, lake: Lake, ledger: Ledger, plan: Plan, run_id: str, as_of: date, profile: str
    ) -> None:
        self.lake, self.ledger, self.plan = lake, ledger, plan
        self.run_id, self.as_of, self.profile = run_id, as_of, profile
        self.built = ledger.built()
        self.files: list[LandedFile] = []
        self.tallies: dict[str, Tally] = {}
        self.position = 0

    def run(self, master: str | None, fingerprint: str) -> int:
        """All steps; returns the exit code."""
        before = tables.all_versions(self.lake)
        self._step("inspect", self._inspect)
        spark = session.start("daily", master)
        self.context = Context(
            spark, conf.load(), self.plan.themes, self.plan.sources, self.lake, self.run_id, self.as_of
        )
        if self.built.get("definitions") != self.plan.code:
            self._step("definitions", self._check_definitions)
        self.changed = changed = self._changed_tables()
        if changed:
            self._step("ingest", lambda: self._ingest(changed))
            self._step("indicators", lambda: self._indicators(changed))
            self._step("forecasts", self._forecasts)
            self._step("warnings", lambda: warnings.write(self.context))
            self._step("catalogue", lambda: publish.write_definitions(self.context))
        # A target may have come past due although nothing new was handed in.
        self._step("targets", lambda: targets.write(self.context))
        release_id = ""
        with self.ledger.step(self.run_id, self._next("release"), "release") as detail:
            release_id = publish.write_release(self.context, self.profile, self.plan.code, fingerprint)
            detail.append(release_id)
        code = self._finish(release_id, before)
        # Last of all: until this stands, a run killed on the way is taken up again.
        self.ledger.set_built("release", fingerprint, self.run_id)
        return code

    def _next(self, name: str) -> int:
        self.position += 1
        print(f"[{self.position}] {name} …", flush=True)
        return self.position

    def _step(self, name: str, work: Callable[[], object]) -> None:
        with self.ledger.step(self.run_id, self._next(name), name):
            work()

    def _inspect(self) -> None:
        contracts = {name: t for theme in self.plan.themes for name, t in theme.contract.tables.items()}
        self.files = inspection.inspect_all(
            self.plan.files,
            self.lake.landing,
            self.plan.sources,
            contracts,
            self.lake.inspected,
            self.plan.code,
        )

    def _check_definitions(self) -> None:
        found = definitions.problems(self.context, self.profile)
        if found:
            raise ConfError(found)
        self.ledger.set_built("definitions", self.plan.code, self.run_id)

    def _changed_tables(self) -> set[str]:
        """Tables with another fingerprint than when they were last carried through to gold."""
        return {t for t, print_ in self.plan.fingerprints.items() if self.built.get(f"table:{t}") != print_}

    def _ingest(self, changed: set[str]) -> None:
        # Small tables wait for the driver more than for the cores, so several are under way at once.
        with ThreadPoolExecutor(_TABLES_AT_ONCE) as pool:
            for tallies in pool.map(self._ingest_table, sorted(changed)):
                self.tallies |= tallies
        ingest.clear_unsourced(self.context)
        for theme in self.plan.themes:
            for name, entity in theme.contract.entities.items():
                if entity.table in changed and tables.exists(self.lake.silver(entity.table)):
                    ingest.build_entity(self.context, name, entity.table)
        quality.write(self.context, self.files, self.tallies, changed)

    def _ingest_table(self, name: str) -> dict[str, Tally]:
        readable = [f for f in self.files if f.table == name and f.readable]
        if not readable:
            ingest.clear(self.context, name)
            return {}
        known = delivery_fingerprints(self.plan, name)
        wanted = {f.delivery for f in readable}
        new = {d for d in wanted if self.built.get(f"bronze:{d}") != known[d]}
        print(f"    {name}: {len(readable)} files, {len(new)} new deliveries", flush=True)
        tallies = ingest.ingest_table(self.context, name, readable, new or wanted)
        for delivery in sorted(new):
            self.ledger.set_built(f"bronze:{delivery}", known[delivery], self.run_id)
        return tallies

    def _indicators(self, changed: set[str]) -> None:
        themes = [t for t in self.plan.themes if changed & set(t.contract.tables)]
        scores = tables.read(self.context.spark, self.lake.gold("quality")).select("file", "score")
        rows = union(indicators.theme_rows(self.context, theme, scores) for theme in themes)
        # With them goes what a theme that is no more has left.
        kept = [t.id for t in self.plan.themes if t not in themes]
        replace_ = f"not ({tables.one_of('theme', kept)})" if kept else None
        path = self.lake.gold("indicator")
        tables.write(self.context.stamped(rows), path, replace=replace_, partition=["theme"])
        self.context.spark.catalog.clearCache()

    def _forecasts(self) -> None:
        forecasts.write(self.context, projection.rows(self.context))

    def _finish(self, release_id: str, before: dict[Path, int]) -> int:
        """Remember what was built, close the run, tell what happened."""
        for table, fingerprint in self.plan.fingerprints.items():
            self.ledger.set_built(f"table:{table}", fingerprint, self.run_id)
        limit = self.context.conf.settings.quarantine_limit
        bad = [f for f in self.files if f.table in self.changed and self._is_bad(f, limit)]
        self.ledger.record_deliveries(
            [
                {
                    "file": f.path, "file_hash": f.hash, "table_name": f.table, "source": f.source,
                    "delivery": f.delivery, "bytes": f.bytes, "first_seen": now(),
                    "outcome": "refused" if f.refusal else "repeated" if f.repeats else "read",
                    "run_id": self.run_id,
                }
                for f in self.files
            ]
        )  # fmt: skip
        counts = {fate: sum(t.fates.get(fate, (0, None))[0] for t in self.tallies.values()) for fate in FATES}
        commits = tables.commits_since(self.lake, before)
        outcome, code = ("bad_input", 2) if bad else ("done", 0)
        message = "; ".join(f"{f.path}: {f.refusal.en if f.refusal else 'too many bad rows'}" for f in bad)
        self.ledger.end_run(
            self.run_id, outcome=outcome, exit_code=code, received=sum(counts.values()), commits=commits,
            release_id=release_id, message=message[:2000], **counts,
        )  # fmt: skip
        print_summary(self.files, self.tallies, release_id, commits, bad)
        return code

    def _is_bad(self, file: LandedFile, limit: float) -> bool:
        """RefusedError, or a larger share of its rows quarantined than the source allows."""
        if file.refusal:
            return True
        tally = self.tallies.get(file.path)
        if tally is None or not tally.received:
            return False
        own = self.plan.sources[file.source].quarantine_limit
        return tally.fates.get("quarantined", (0, None))[0] / tally.received > (limit if own is None else own)
