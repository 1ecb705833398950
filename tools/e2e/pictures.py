"""Pictures of every page at 1440 and 390 pixels in both languages: python tools/e2e/pictures.py BASE USER PASSWORD FOLDER."""

import sys
import time
from pathlib import Path

from browser import Browser
from test_console import PAGES


def main(base: str, user: str, password: str, folder: str):
    for language in ["zh", "en"]:
        for size in [(1440, 900), (390, 844)]:
            browser = Browser(base, size, language)
            try:
                browser.open("/sign-in")
                browser.picture(Path(folder) / f"sign-in-{size[0]}-{language}.png")
                browser.sign_in(user, password)
                for path in PAGES + ["/console/cases/C1", "/console/nowhere", "/console/alerts?dealer=NOBODY"]:
                    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                        "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600})
                    browser.open(path)
                    time.sleep(1.5)
                    name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
                    browser.picture(Path(folder) / f"{name}-{size[0]}-{language}.png")
                    print(name, size[0], language, browser.errors(), "too wide" if browser.is_too_wide() else "")
            finally:
                browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
