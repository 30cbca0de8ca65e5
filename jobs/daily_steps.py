"""The steps of the daily run as a graph, each recorded in the ledger and safe to repeat after a kill."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property

import conf
from conf import ConfError
from jobs.context import Context
from jobs.graph import Step, walk
from jobs.lake import inspection, session, tables
from jobs.lake.landing import LandedFile
from jobs.lake.ledger import Ledger, now
from jobs.lake.paths import Lake
from jobs.plan import Plan, delivery_fingerprints, new_strays
from jobs.steps import (
    definitions,
    forecasts,
    indicators,
    ingest,
    measures,
    projection,
    publish,
    quality,
    targets,
    warnings,
)
from jobs.steps.ingest import FATES, Tally
from jobs.summary import print_summary, recorded_tallies
from themes.common.indicators import union

_TABLES_AT_ONCE = 3


class TwoWritersError(RuntimeError):
    """Another run has written to the lake while this one was at work, so nobody knows what its tables hold."""


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
        self.changed: set[str] = set()
        self.release_id = ""

    def run(self, master: str | None, fingerprint: str) -> int:
        """All steps; returns the exit code. Steps that an earlier run did for the same inputs are left out."""
        self.before = tables.all_versions(self.lake)
        self.fingerprint = fingerprint
        # Also what a killed run had begun with counts as changed: it has taken its mark away.
        self.changed = self._changed_tables()
        self.master = master
        walk(self._steps(), self.ledger, self.run_id, self._versions)
        self._versions()
        code = self._finish()
        # Last of all: until this stands, a run killed on the way is taken up again.
        self.ledger.set_built("release", fingerprint, self.run_id)
        return code

    @cached_property
    def context(self) -> Context:
        """What the steps are given; the session starts with the first that asks for it."""
        spark = session.start("daily", self.master, self.run_id)
        return Context(
            spark, conf.load(), self.plan.themes, self.plan.sources, self.lake, self.run_id, self.as_of
        )

    def _versions(self) -> dict[str, int]:
        """The version of every table. Raises TwoWritersError, naming the table, when another run has made one."""
        now = tables.named_versions(self.lake)
        for name, newest in now.items():
            path = self.lake.root / name
            for number in range(self.before.get(path, -1) + 1, newest + 1):
                if (other := tables.made_by(path, number)) not in (None, self.run_id):
                    raise TwoWritersError(f"version {number} of {name} was made by run {other} meanwhile")
        return now

    def _steps(self) -> list[Step]:
        """The graph of this run."""
        steps, same = [Step("inspect", self._inspect)], self.fingerprint
        if self.built.get("definitions") != self.plan.code:
            steps.append(Step("definitions", self._check_definitions))
        # A target may have come past due although nothing new was handed in.
        targets_need: tuple[str, ...] = ()
        if self.changed:
            steps += [
                Step("ingest", self._ingest, ("inspect",), same),
                Step("indicators", self._indicators, ("ingest",), same),
                Step("forecasts", self._forecasts, ("indicators",), same),
                Step("warnings", lambda: warnings.write(self.context), ("indicators",), same),
                Step("catalogue", lambda: publish.write_definitions(self.context), ("ingest",), same),
            ]
            targets_need = ("indicators", "forecasts")
        on_the_day = f"{same} {self.as_of}"
        steps.append(Step("targets", lambda: targets.write(self.context), targets_need, on_the_day))
        steps.append(Step("release", self._release, tuple(step.name for step in steps)))
        return steps

    def _release(self) -> str:
        made = publish.write_release(self.context, self.profile, self.plan.code, self.fingerprint)
        self.release_id = made
        return made

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

    def _ingest(self) -> None:
        changed = self.changed
        # From here on until the release stands, whoever runs with whatever inputs must build them again.
        self.ledger.forget(f"table:{table}" for table in changed)
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
        self.ledger.forget(f"bronze:{delivery}" for delivery in new)
        try:
            tallies = ingest.ingest_table(self.context, name, readable, new)
        except Exception as error:
            error.add_note(f"while reading table {name}")
            raise
        for delivery in sorted(new):
            self.ledger.set_built(f"bronze:{delivery}", known[delivery], self.run_id)
        return tallies

    def _indicators(self) -> None:
        changed = self.changed
        themes = [t for t in self.plan.themes if changed & set(t.contract.tables)]
        scores = tables.read(self.context.spark, self.lake.gold("quality")).select("file", "score")
        # Looked at by methods first and written then.
        made = union(indicators.theme_rows(self.context, theme, scores) for theme in themes)
        rows = indicators.kept(self.context, made)
        found = measures.looked_at(self.context, themes, rows)
        # With them goes what a theme that is no more has left.
        kept = [t.id for t in self.plan.themes if t not in themes]
        replace_ = f"not ({tables.one_of('theme', kept)})" if kept else None
        measures.write(self.context, rows, found, replace_)
        self.context.spark.catalog.clearCache()

    def _forecasts(self) -> None:
        forecasts.write(self.context, projection.rows(self.context))

    def _finish(self) -> int:
        """Remember what was built, close the run, tell what happened."""
        if self.changed and not self.tallies:
            # An earlier run did the ingest.
            self.tallies = recorded_tallies(self.lake, self.changed)
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
        commits = tables.commits_since(self.lake, self.before)
        told = [f"{f.path}: {f.refusal.en if f.refusal else 'too many bad rows'}" for f in bad]
        told += new_strays(self.ledger, self.plan)
        outcome, code = ("bad_input", 2) if told else ("done", 0)
        self.ledger.end_run(
            self.run_id, outcome=outcome, exit_code=code, received=sum(counts.values()), commits=commits,
            release_id=self.release_id, message="; ".join(told)[:2000], **counts,
        )  # fmt: skip
        self.ledger.set_strays(self.plan.strays, self.run_id)
        print_summary(self.files, self.tallies, self.release_id, commits, bad)
        return code

    def _is_bad(self, file: LandedFile, limit: float) -> bool:
        """Refused, or a larger share of its rows quarantined than the source allows."""
        if file.refusal:
            return True
        tally = self.tallies.get(file.path)
        if tally is None or not tally.received:
            return False
        own = self.plan.sources[file.source].quarantine_limit
        return tally.fates.get("quarantined", (0, None))[0] / tally.received > (limit if own is None else own)
