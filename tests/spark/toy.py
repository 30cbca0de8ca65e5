"""Run in a process of its own, in a copy of the package: the daily job, then what the cockpit makes of it.

Arguments: folder of the lake, as-of date. Prints one JSON object as the last line.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from cockpit import facts
from cockpit.access import demo
from cockpit.app import create_app
from cockpit.gold import Scope, open_lake
from cockpit.store import open_store, store_url
from jobs.__main__ import main

lake_folder, as_of = sys.argv[1:]
code = main(["daily", "--lake", lake_folder, "--as-of", as_of])
lake = open_lake(Path(lake_folder))
release = lake.release()
scope = Scope(("440000", "370000"), "internal")
page = facts.theme_page(release, scope, "rain", "440000")
store = open_store(store_url(Path(lake_folder), demo.FILE))
client = create_app(lake, Path("out/web"), store, demo.accounts(store)).server.test_client()
token = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/sign-in").get_data(as_text=True))
client.post("/sign-in", data={"token": token and token[1], "demo": "leader"})
# The callback that makes the page, asked as the browser would ask it.
(route,) = (
    c for c in client.get("/_dash-dependencies").get_json() if ".page.children." in f".{c['output']}."
)
outputs = [name.rpartition(".") for name in route["output"].strip(".").split("...")]
address = {"pathname": "/theme/rain", "search": ""}
asked = {
    "output": route["output"],
    "outputs": [{"id": name, "property": prop} for name, _, prop in outputs],
    "inputs": [{**given, "value": address.get(given["property"])} for given in route["inputs"]],
    "state": [{**given, "value": None} for given in route["state"]],
    "changedPropIds": ["url.pathname"],
}
answer = client.post("/_dash-update-component", json=asked)
made = (answer.get_json() or {}).get("response", {})
print(
    json.dumps(
        {
            "code": code,
            "themes": [nav.theme for nav in facts.navigation(release, scope, "440000")],
            "indicators": [figure.indicator for figure in page.figures],
            "status": answer.status_code,
            "nav": json.dumps(made.get("nav"), ensure_ascii=False),
            "page": json.dumps(made.get("page"), ensure_ascii=False),
        }
    )
)
