"""A real headless Chromium as people use it, and an accessibility check (axe-core)."""

import shutil
import time
from importlib.resources import files

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


class Browser:
    """One window. `css` finds, `type` types as a keyboard wedge does: fast, with Enter."""

    def __init__(self, folder, width=1440, height=900, language="zh-CN", script=True):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--lang={language}",
                     f"--window-size={width},{height}", f"--user-data-dir={folder}", "--autoplay-policy=no-user-gesture-required"):
            options.add_argument(word)
        preferences = {"intl.accept_languages": language}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def open(self, address):
        self.driver.get(address)

    def css(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector) -> str:
        return self.css(selector).text

    def fill(self, selector, value):
        field = self.css(selector)
        field.clear()
        field.send_keys(value)

    def wedge(self, code):
        """Types a code where the focus is, and Enter, as a scanner does."""
        webdriver.ActionChains(self.driver).send_keys(code, Keys.ENTER).perform()

    def until(self, condition, seconds=15, what="it"):
        end = time.monotonic() + seconds
        while True:
            try:
                found = condition()
            except Exception:  # the page changes while it is read
                found = None
            if found:
                return found
            assert time.monotonic() < end, f"{what} did not happen; the page shows:\n{self.text('body')}"
            time.sleep(0.05)

    def network(self, is_there: bool):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": not is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def picture(self, path, whole=True):
        """A picture of the whole page."""
        import base64
        made = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(made["data"]))

    def overflow(self) -> int:
        """Pixels that the page is wider than its window."""
        return self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")

    def faults(self) -> list[str]:
        """What the console holds of refused or broken scripts and styles."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "Content Security Policy" in entry["message"] or "Uncaught" in entry["message"]]

    def serious(self) -> list[str]:
        """What axe-core finds serious or critical."""
        self.driver.execute_script((files("axe_core_python") / "axe.min.js").read_text())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then((it) => done(it.violations))")
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found
                if one["impact"] in ("serious", "critical")]

    def close(self):
        self.driver.quit()
