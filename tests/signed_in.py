"""A browser that has signed in as a demo account, through the form that everybody uses."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from cockpit.app import Cockpit


def form_token(client: FlaskClient) -> str:
    """The token of a fresh sign-in form."""
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/sign-in").get_data(as_text=True))
    assert found is not None
    return found[1]


def demo_sign_in(app: Cockpit, role: str) -> FlaskClient:
    """A client with the session of a role's demo account."""
    client: FlaskClient = app.server.test_client()
    answer = client.post("/sign-in", data={"token": form_token(client), "demo": role})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return client
