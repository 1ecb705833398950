"""People who sign in, each with a browser of their own."""

import itertools

from browser import Browser

PASSWORD = "correct-horse-battery"
_numbers = itertools.count(1)


def person(server, role, dealer=None) -> str:
    """Adds a user of a role; gives the name."""
    name = f"{role}-{next(_numbers)}"
    body = {"name": name, "password": PASSWORD, "role": role} | ({"dealer": dealer} if dealer else {})
    server.client().ok("/v1/users", body)
    return name


def signed_in(server, role, dealer=None, language="zh") -> Browser:
    """A browser in which a new user of a role is signed in."""
    browser = Browser(server.base)
    browser.sign_in(person(server, role, dealer), PASSWORD, language)
    return browser
