"""Demo accounts, one a role: no password, loopback only, in a store of their own."""

from __future__ import annotations

import conf
from cockpit.store import Store
from cockpit.store.accounts import Account

#: The store's file in the lake's `ops/`: demo accounts never get into the real store.
FILE = "cockpit-demo.db"


def accounts(store: Store) -> tuple[Account, ...]:
    """One account for each role of conf/access.yaml, made when it is not there yet."""
    loaded = conf.load()
    home = loaded.settings.home_region
    first_city = loaded.regions.children(home)[0]
    # Rights that show the difference: one province, and one city's public data.
    regions = {"planner": (home,), "department_officer": (first_city,)}
    for role in loaded.access.roles:
        if store.accounts.find(role) is None:
            store.accounts.add(
                role,
                shown="",
                role=role,
                regions=regions.get(role, loaded.settings.provinces),
                grade="public" if role == "department_officer" else "internal",
                password=None,
            )
    found = (store.accounts.find(role) for role in loaded.access.roles)
    return tuple(account for account in found if account is not None)
