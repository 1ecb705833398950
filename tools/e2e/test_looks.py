"""Pages of an installation with nothing in it as each role sees them: nothing cut off, nothing overlapping, all in its
language. Those of a brand at work, some hundred in both languages and at both sizes, take many minutes: `tools/screenshots`
takes their pictures and looks at them in the same way."""

import pytest

import needs
import tour
from browser import Browser
from pictures import SIZES, Tourist

pytestmark = needs.chromium


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = tour.World(tmp_path_factory.mktemp("world"), is_empty=True)
    world.stops = tour.empty()
    yield world
    world.server.kill()


@pytest.mark.parametrize("language, size", zip(["zh", "en"], SIZES))
def test_every_page_looks_as_it_should(world, language, size):
    tourist = Tourist(world, language, size)
    found = {}
    try:
        for stop in sorted(world.stops, key=lambda stop: stop.who or ""):
            if faults := tourist.at(stop):
                found[stop.name] = faults
            tourist.leave(stop)
    finally:
        tourist.end()
    assert found == {}


def test_the_script_finds_what_it_looks_for(world):
    """Otherwise finding nothing would mean nothing."""
    browser = Browser(world.server.base, 390, 844, "en")
    try:
        browser.open("/sign-in")
        for wrong, sign in [
                ("<div>中文正文</div>", "Chinese"), ("<p>caseOpened</p>", "raw"), ("<p>2026-01-01T00:00:00Z</p>", "raw time"),
                ("<p>12345678 items</p>", "a long number"), ("<img src='data:,'>", "no alt"),
                ("<button id='wide'>x</button>", "past the edge"), ("<a href='/' id='over'>x</a>", "overlap")]:
            browser.open("/sign-in")
            assert browser.looks() == []
            browser.script("document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0]);"
                           "const wide = document.getElementById('wide'); if (wide) wide.style.width = '600px';"
                           "const over = document.getElementById('over'), name = document.getElementById('name')"
                           ".getBoundingClientRect(); if (over) over.style.cssText = 'position:absolute;width:50px;"
                           "height:20px;left:' + (name.left + 5) + 'px;top:' + (name.top + 5) + 'px'", wrong)
            assert any(sign in fault for fault in browser.looks()), (wrong, browser.looks())
    finally:
        browser.close()
