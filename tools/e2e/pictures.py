"""Pictures of every page, as each role sees it, at 1440 and 390 pixels, in both languages; see tools/screenshots."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import tour
from browser import Browser

SIZES = [(1440, 900), (390, 844)]


def names_of(world) -> list[str]:
    """What is data and thus in one language only."""
    found = ["中文", "English", "新经销商", "一号商贸", "三号商贸", "yima evidence verify", "卡纸", "滞销", "Test key"]
    for path in ("/v1/dealers", "/v1/terminals", "/v1/keys"):
        found += [item.get("name") for item in world.admin.get(path, params={"limit": 1000}).json()["items"]]
    for item in world.admin.get("/v1/products").json()["items"]:
        found += item["name"].values()
    found += [item.get("legalBasis") for item in world.admin.get("/v1/price-policies").json()["items"]]
    # Short ones are parts of words.
    return sorted((name for name in found if name and (len(name) > 5 or not name.isascii())), key=len, reverse=True)


class Tourist:
    """Walks a list of stops in one language at one size, with a browser for each person."""

    def __init__(self, world, language: str, size: tuple[int, int]):
        self.world, self.language, self.size = world, language, size
        self.browser, self.who = None, None
        self.names = names_of(world)

    def at(self, stop: tour.Stop) -> list[str]:
        """Goes there; gives what is wrong with the page."""
        if self.browser is None or stop.who != self.who:
            self.end()
            self.browser = Browser(self.world.server.base, *self.size, "zh-CN" if self.language == "zh" else "en")
            self.who = stop.who
            if stop.who:
                self.browser.sign_in(stop.who, self.world.secret(stop.who), self.language)
        self.browser.open(stop.path)
        if stop.act:
            stop.act(self.browser)
        self.browser.until(lambda: self.browser.script(
            "return document.readyState == 'complete' && !document.querySelector('.map:not(:has(canvas))')"), what="the page")
        time.sleep(0.3)
        status = self.browser.script("return performance.getEntriesByType('navigation')[0].responseStatus")
        faults = [] if status == stop.status else [f"answers {status} instead of {stop.status}"]
        faults += self.browser.looks(self.names) + self.browser.serious()
        return faults + [fault for fault in self.browser.faults()]

    def leave(self, stop: tour.Stop):
        if after := getattr(stop.act, "after", None):
            after(self.browser)

    def end(self):
        if self.browser:
            self.browser.close()
        self.browser = None


def walk(world, stops, languages, sizes, folder: Path) -> int:
    """Takes the pictures and says what is wrong; gives the number of pages with faults."""
    count = 0
    for language in languages:
        for size in sizes:
            tourist = Tourist(world, language, size)
            for stop in sorted(stops, key=lambda stop: stop.who or ""):
                try:
                    faults = tourist.at(stop)
                    tourist.browser.picture(folder / f"{stop.name}-{size[0]}-{language}.png")
                    tourist.leave(stop)
                except Exception as error:
                    faults = [f"{type(error).__name__}: {error}"[:400]]
                    tourist.end()
                count += bool(faults)
                for fault in faults:
                    print(f"{stop.name} {size[0]} {language}: {fault}", flush=True)
            tourist.end()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--demo", type=Path, help="a data folder that `yima demo` filled, beside its sign-in.json")
    parser.add_argument("--only", default="", help="only pages whose name holds one of these, with commas")
    parser.add_argument("--language", choices=["zh", "en"])
    parser.add_argument("--width", type=int, choices=[size[0] for size in SIZES])
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    languages = [asked.language] if asked.language else ["zh", "en"]
    sizes = [size for size in SIZES if asked.width in (None, size[0])]
    count = 0

    def wanted(stops):
        return [stop for stop in stops if any(word in stop.name for word in asked.only.split(","))]
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (("demo", tour.demo), ("empty", lambda world: tour.empty())):
            if asked.only and name == "empty" and not wanted(tour.empty()):
                continue
            world = tour.World(Path(folder) / name, asked.demo, is_empty=name == "empty")
            try:
                if stops := wanted(make(world)):
                    count += walk(world, stops, languages, sizes, asked.folder)
            finally:
                world.server.kill()
    print(f"{count} pages with faults")
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main()
