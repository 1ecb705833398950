"""A real headless Chromium as people use it, and an accessibility check (axe-core)."""

import base64
import time
from importlib.resources import files
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from needs import CHROMIUM, DRIVER


class Browser:
    """One window on a server, with a profile of its own. `css` finds, `wedge` types as a scanner does. `camera` is a film
    (Y4M) that its camera shows, `before` a script that runs before those of each page."""

    def __init__(self, base: str, width=1440, height=900, language="zh-CN", script=True, camera=None, before=None):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                     "--no-proxy-server", f"--lang={language}", f"--accept-lang={language}",
                     f"--window-size={width},{height}", "--autoplay-policy=no-user-gesture-required",
                     # Without it pages scroll slowly to what is clicked, and a click may come before they are there.
                     "--force-prefers-reduced-motion"):
            options.add_argument(word)
        if camera:
            for word in ("use-fake-ui-for-media-stream", "use-fake-device-for-media-stream",
                         f"use-file-for-fake-video-capture={camera}"):
                options.add_argument("--" + word)
        preferences = {"intl.accept_languages": language}
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        self.base = base
        if before:
            self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        # Headless windows are no narrower than 500 pixels unless the device is emulated.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def open(self, address: str):
        """Opens a path of the server, or a whole address."""
        self.driver.get(self.base + address if address.startswith("/") else address)

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.base)

    def css(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="body") -> str:
        return self.css(selector).text

    def script(self, code: str, *arguments):
        return self.driver.execute_script(code, *arguments)

    @property
    def focused(self):
        return self.driver.switch_to.active_element

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
            assert time.monotonic() < end, f"{what} did not happen; the page shows:\n{self.text()}"
            time.sleep(0.05)

    def sign_in(self, name: str, password: str, language=None):
        """Signs in by the form."""
        self.open("/sign-in" + (f"?lang={language}" if language else ""))
        self.fill("#name", name)
        self.fill("#password", password)
        self.css("main form button").click()
        self.until(lambda: "/sign-in" not in self.path and not self.all("#password"), what="signing in")

    def network(self, is_there: bool):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": not is_there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})

    def picture(self, path, whole=True):
        """A picture of the whole page."""
        made = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": whole})
        path.write_bytes(base64.b64decode(made["data"]))

    def overflow(self) -> int:
        """Pixels that the page is wider than its window."""
        return self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def looks(self, names=()) -> list[str]:
        """What looks wrong: cut off, overlapping, in the other language, raw. `names` are data and may be in either."""
        return self.script((Path(__file__).parent / "looks.js").read_text(), list(names))

    def errors(self) -> list[str]:
        """What the console calls severe: scripts that failed, what the policy refused, what could not be loaded."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def faults(self) -> list[str]:
        """What the console holds of refused or broken scripts and styles; not of a network that is cut."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "Content Security Policy" in entry["message"] or "Uncaught" in entry["message"]]

    def serious(self) -> list[str]:
        """What axe-core finds serious or critical."""
        self.script((files("axe_core_python") / "axe.min.js").read_text())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then((it) => done(it.violations))")
        return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found
                if one["impact"] in ("serious", "critical")]

    def close(self):
        self.driver.quit()
