"""A real headless Chromium over the pages behind the sign-in."""

import os
import shutil
from importlib.resources import files

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER) and not os.environ.get("CI"), reason="chromium or chromedriver is not installed")


class Browser:
    """One window; `size` is its inner width and height."""

    def __init__(self, base: str, size=(1440, 900), language="en"):
        options = Options()
        options.binary_location = CHROMIUM
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--hide-scrollbars", "--no-proxy-server", f"--accept-lang={language}"]:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.base = base
        # Headless windows are no narrower than 500 pixels unless the device is emulated.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600})

    def open(self, path: str):
        self.driver.get(self.base + path)

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.base)

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self) -> str:
        return self.find("body").text

    def script(self, code: str, *arguments):
        return self.driver.execute_script(code, *arguments)

    def wait(self, condition, seconds=15):
        return WebDriverWait(self.driver, seconds).until(lambda _: condition())

    def sign_in(self, name: str, password: str):
        self.open("/sign-in")
        self.find("#name").send_keys(name)
        self.find("#password").send_keys(password)
        self.find("main form button").click()
        self.wait(lambda: "/sign-in" not in self.path)

    def errors(self) -> list[str]:
        """What the page complained of: scripts that failed, what the policy refused."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]

    def is_too_wide(self) -> bool:
        return self.script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")

    def serious(self) -> list[str]:
        """What axe finds serious or worse."""
        self.script((files("axe_core_python") / "axe.min.js").read_text())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then((it) => done(it.violations))")
        return [f"{it['id']}: {[node['html'][:160] for node in it['nodes'][:3]]}"
                for it in found if it["impact"] in ("serious", "critical")]

    def picture(self, path):
        height = min(self.script("return document.documentElement.scrollHeight"), 4000)
        width = self.script("return innerWidth")
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.save_screenshot(str(path))

    def close(self):
        self.driver.quit()
