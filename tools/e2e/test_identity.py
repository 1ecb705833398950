"""Signing in with an identity provider: another project's OpenID Connect provider, and people with browsers."""

import json
import socket
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oidc_provider_mock import User, run_server_in_thread

import needs
from browser import Browser
from harness import Server
from people import PASSWORD

SECRET = "client-secret-that-nobody-sees"


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@pytest.fixture(scope="module")
def provider():
    people = [User(sub="248289761001", claims={"email": "wang@example.com"}), User(sub="stranger-7")]
    with run_server_in_thread(user_claims=people, require_nonce=True) as it:
        yield f"http://localhost:{it.server_port}"


@pytest.fixture(scope="module")
def server(make_server, provider) -> Server:
    server, port = make_server(), free_port()
    server.init()
    file = server.data.parent / "provider.json"
    file.write_text(json.dumps({
        "name": {"zh": "公司账号", "en": "Company account"}, "issuer": provider, "clientId": "yima",
        "clientSecret": SECRET, "publicAddress": f"http://127.0.0.1:{port}"}))
    server.options = ["--port", port, "--identity-provider", file]
    server.serve()
    server.client().ok("/v1/users", {"name": "wang", "role": "compliance", "subject": "248289761001"})
    return server


@needs.chromium
def test_a_person_signs_in_there_and_comes_back_to_the_page_that_was_wanted(server, provider):
    browser = Browser(server.base)
    browser.open("/console/cases?lang=en")
    link = browser.until(lambda: browser.css("a[href^='/sign-in/provider']"), what="the provider's link")
    assert link.text == "Sign in with Company account" and not browser.overflow()
    link.click()
    browser.until(lambda: browser.driver.current_url.startswith(provider), what="the provider's page")
    browser.css("button[value='248289761001']").click()
    browser.until(lambda: browser.path.startswith("/console/cases"), what="coming back")
    assert "wang" in browser.text("header") and not browser.faults()
    assert {one["name"] for one in browser.driver.get_cookies()} >= {"yima_session"}
    assert "yima_attempt" not in {one["name"] for one in browser.driver.get_cookies()}


@needs.chromium
def test_whom_nobody_added_is_told_what_the_administrator_needs_and_is_let_in_once_added(server, provider):
    browser = Browser(server.base)
    browser.open("/sign-in/provider?lang=zh")
    browser.until(lambda: browser.all("button[value='stranger-7']"), what="the provider's page")
    browser.css("button[value='stranger-7']").click()
    told = browser.until(lambda: browser.text("[role=alert]"), what="the refusal")
    assert "stranger-7" in told
    assert not [one for one in browser.driver.get_cookies() if one["name"] == "yima_session"]
    # An administrator puts the subject to a user who has had a password so far, by the page.
    admin = server.client()
    admin.ok("/v1/users", {"name": "zhao", "password": PASSWORD, "role": "auditor"})
    admin.ok("/v1/users", {"name": "boss", "password": PASSWORD, "role": "admin"})
    boss = Browser(server.base)
    boss.sign_in("boss", PASSWORD, "en")
    boss.open("/console/setup/users")
    form = boss.css("form[action='/console/setup/users/zhao/subject']")
    boss.script("arguments[0].closest('details').open = true", form)
    form.find_element("css selector", "input[name=subject]").send_keys("stranger-7")
    form.find_element("css selector", "button").click()
    boss.until(lambda: "The subject was saved" in boss.text(), what="the answer")
    assert {"name": "zhao", "subject": "stranger-7"}.items() <= next(
        it for it in admin.get("/v1/users").json()["items"] if it["name"] == "zhao").items()
    browser.open("/sign-in/provider")
    browser.until(lambda: browser.all("button[value='stranger-7']"), what="the provider's page")
    browser.css("button[value='stranger-7']").click()
    browser.until(lambda: browser.path.startswith("/console"), what="being let in")


def begun(server) -> tuple[requests.Session, dict]:
    """A browser that was sent to the provider, and what it was sent with."""
    session = requests.Session()
    answer = session.get(server.base + "/sign-in/provider?next=/console/cases", allow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=600" in cookie
    return session, {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def allowed(provider, sent) -> str:
    """Where the provider sends the browser of somebody who allows it."""
    answer = requests.post(
        provider + "/oauth2/authorize", params=sent, data={"sub": "248289761001"}, allow_redirects=False, timeout=10)
    return answer.headers["location"]


def test_an_answer_works_once_and_only_in_the_browser_that_asked(server, provider):
    mine, sent = begun(server)
    other, _ = begun(server)
    address = allowed(provider, sent)
    stolen = other.get(address, allow_redirects=False)
    assert stolen.status_code == 400 and "yima_session" not in other.cookies
    assert requests.get(address, allow_redirects=False, timeout=10).status_code == 400
    done = mine.get(address, allow_redirects=False)
    assert done.status_code == 303 and done.headers["location"] == "/console/cases" and "yima_session" in mine.cookies
    assert mine.get(server.base + "/v1/session").json()["user"] == "wang"
    assert mine.get(address, allow_redirects=False).status_code == 400


def test_a_refusal_and_a_code_that_the_provider_never_gave_let_nobody_in(server):
    for extra, status in [({"error": "access_denied"}, 401), ({"code": "made-up"}, 401), ({}, 502)]:
        session, sent = begun(server)
        answer = session.get(
            server.base + "/sign-in/provider/answer", params={"state": sent["state"]} | extra, allow_redirects=False)
        assert answer.status_code == status and "yima_session" not in session.cookies, answer.text
        assert 'role="alert"' in answer.text


def test_after_signing_in_nobody_is_sent_to_another_site(server, provider):
    for target in ["//evil.example.com", "https://evil.example.com/", "/\\evil.example.com"]:
        session = requests.Session()
        answer = session.get(server.base + "/sign-in/provider", params={"next": target}, allow_redirects=False)
        sent = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        assert session.get(allowed(provider, sent), allow_redirects=False).headers["location"] == "/console"


def test_a_subject_is_one_users_and_a_user_has_a_password_or_a_subject(server):
    admin = server.client()
    taken = admin.post("/v1/users", {"name": "li", "role": "auditor", "subject": "248289761001"})
    assert taken.status_code == 409 and taken.json()["pointer"] == "/subject"
    neither = admin.post("/v1/users", {"name": "li", "role": "auditor"})
    assert neither.status_code == 422 and neither.json()["pointer"] == "/password"
    assert admin.post("/v1/users", {"name": "li", "role": "auditor", "subject": "a b"}).json()["pointer"] == "/subject"
    # Whom the provider vouches for has no password that could be guessed.
    refused = server.anonymous().post("/v1/sessions", {"name": "wang", "password": ""})
    assert refused.status_code == 401


def test_taking_the_subject_away_ends_the_sessions(server, provider):
    admin = server.client()
    admin.ok("/v1/users", {"name": "sun", "role": "auditor", "subject": "sun-1"})
    session, sent = begun(server)
    answer = requests.post(
        provider + "/oauth2/authorize", params=sent, data={"sub": "sun-1"}, allow_redirects=False, timeout=10)
    session.get(answer.headers["location"], allow_redirects=False)
    assert session.get(server.base + "/v1/session").json()["user"] == "sun"
    assert admin.put("/v1/users/sun/subject", {"subject": None}).status_code == 200
    assert session.get(server.base + "/v1/session").status_code == 401


def test_no_secret_or_code_is_in_the_log(server):
    log = server.log.read_text()
    assert SECRET not in log and "made-up" not in log and "eyJ" not in log


def test_when_the_provider_is_away_the_page_says_so_and_passwords_still_work(make_server):
    server = make_server()
    server.init()
    file = server.data.parent / "provider.json"
    settings = {"name": "SSO", "issuer": f"http://127.0.0.1:{free_port()}", "clientId": "yima", "clientSecret": SECRET,
                "publicAddress": "https://yima.example.com"}
    file.write_text(json.dumps(settings))
    server.options = ["--identity-provider", file]
    server.serve()
    answer = requests.get(server.base + "/sign-in/provider", headers={"Accept-Language": "en"}, timeout=30)
    assert answer.status_code == 503 and "cannot be reached" in answer.text and 'name="password"' in answer.text
    server.stop()
    file.write_text(json.dumps(settings | {"issuer": "http://login.example.com"}))
    refused = server.command("serve", "--data", server.data, "--identity-provider", file, check=False)
    assert refused.returncode != 0 and '"issuer" must be an https' in refused.stderr and SECRET not in refused.stderr
