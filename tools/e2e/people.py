"""People who sign in, each with a browser of their own."""

import itertools

from window import Browser

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


def person(server, role, dealer=None) -> str:
    """Adds a user of a role; gives the name."""
    name = f"{role}-{next(_numbers)}"
    body = {"name": name, "password": PASSWORD, "role": role} | ({"dealer": dealer} if dealer else {})
    server.client().ok("/v1/users", body)
    return name


def sign_in(browser: Browser, server, name: str, language="zh"):
    """Signs in by the form."""
    browser.open(f"{server.base}/sign-in?lang={language}")
    browser.fill("#name", name)
    browser.fill("#password", PASSWORD)
    browser.css("main form button").click()
    browser.until(lambda: not browser.all("#password"), what="signing in")
