"""A small liquor brand to test with: dealers in two tiers, terminals, a price policy, boxes of goods."""

import csv
import io
import itertools

from harness import Client, Server, now, stamp, until

GTIN = "06901234567892"
UNKNOWN_GTIN = "06909999000012"
SECRET_NAMES = ["湖南示例商贸", "广东示例酒业", "长沙示例分销"]

# Places used in tests. Pingxiang lies in Jiangxi, some 20 km east of Hunan; Huaihua lies in Hunan, 300 km west of Changsha.
CHANGSHA = {"latitude": 28.1941, "longitude": 112.9723, "accuracyMeters": 30, "source": "gps"}
SHANGHAI = {"latitude": 31.2304, "longitude": 121.4737, "accuracyMeters": 30, "source": "gps"}
PINGXIANG = {"latitude": 27.6229, "longitude": 113.8541, "accuracyMeters": 30, "source": "gps"}
HUAIHUA = {"latitude": 27.5501, "longitude": 109.9611, "accuracyMeters": 30, "source": "gps"}


class Brand:
    """What the tests of one file share. Goods are taken with `boxes` and `items`, each once."""

    def __init__(self, server: Server):
        self.server = server
        self.admin = server.client()
        self.warehouse = server.client("warehouse")
        self.inspector = server.client("inspector")
        self.compliance = server.client("compliance")
        self._numbers = itertools.count(1)
        self._add_catalogue()
        self.terminal = server.client("terminal", dealer="D001")
        self.foreign_terminal = server.client("terminal", dealer="D002")

    def _add_catalogue(self):
        add = self.admin.ok
        add("/v1/products", {
            "gtin": GTIN, "name": {"zh": "示例白酒 500ml", "en": "Example Baijiu 500 ml"},
            "listPrice": {"amount": "129.00", "currency": "CNY"}})
        dealers = [("D001", 1, None, ["430000"]), ("D002", 1, None, ["440000"]), ("D101", 2, "D001", ["430100"])]
        for (code, tier, parent, territories), name in zip(dealers, SECRET_NAMES):
            add("/v1/dealers", {
                "code": code, "name": name, "tier": tier, "parent": parent, "territories": territories})
        terminals = [("T001", "D001", "430102"), ("T002", "D001", "430103"), ("T003", "D002", "440106"),
                     ("T004", "D002", "440305"), ("T005", "D002", "440106")]
        for code, dealer, region in terminals:
            add("/v1/terminals", {"code": code, "dealer": dealer, "region": region, "name": f"{code} 门店"})

    def policy(self, name="PP-1", mode="advise", floor="99.00", gtin=GTIN, regions=("430000",)) -> dict:
        """Sets a price policy that is in force since yesterday."""
        body = {"gtin": gtin, "regions": list(regions), "floor": {"amount": floor, "currency": "CNY"}, "mode": mode,
                "legalBasis": "AML Art. 18 safe harbour, file 2026-03", "from": stamp(now(days=-1)), "to": None}
        answer = self.compliance.put(f"/v1/price-policies/{name}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def batch(self, quantity=60, per_box=12, gtin=GTIN) -> dict:
        """Issues a batch in pre-assigned boxes (per_box=None: without), and adds the codes of `items` and `boxes`."""
        body = {"gtin": gtin, "quantity": quantity} | ({"perBox": per_box} if per_box else {})
        batch = self.admin.ok("/v1/batches", body)
        batch["items"] = self.codes(batch["id"])
        batch["box_codes"] = self.codes(batch["id"], "box") if per_box else []
        return batch

    def codes(self, batch: str, level="item") -> list[str]:
        answer = self.warehouse.get(f"/v1/batches/{batch}/codes", params={"format": "txt", "level": level})
        assert answer.status_code == 200, answer.text
        return answer.text.split()

    def rows(self, batch: str) -> list[dict]:
        """The CSV code file as dictionaries."""
        answer = self.warehouse.get(f"/v1/batches/{batch}/codes", params={"format": "csv"})
        return list(csv.DictReader(io.StringIO(answer.text)))

    def number(self) -> str:
        """A new dispatch number."""
        return f"DN-{next(self._numbers)}"

    def dispatch(self, units, dealer="D001", territories=("430000",), **more) -> dict:
        """Dispatches codes, all of them to one dealer."""
        body = {"number": self.number(), "dealer": dealer, "territories": list(territories), "units": list(units)}
        return self.warehouse.ok("/v1/dispatches", body | more)

    def goods(self, boxes=1, per_box=12, dealer="D001", territories=("430000",), gtin=GTIN) -> tuple[list[str], dict]:
        """Items fresh from a dispatch of whole boxes, and the dispatch."""
        batch = self.batch(boxes * per_box, per_box, gtin)
        return batch["items"], self.dispatch(batch["box_codes"], dealer, territories)

    def state(self, code: str) -> str:
        return self.lookup(code)["state"]

    def lookup(self, code: str) -> dict:
        answer = self.inspector.get("/v1/codes/lookup", params={"code": code})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def alert_of(self, scan: dict) -> dict:
        """The alert that rests on a scan, once it is raised."""
        number = int(scan["scanId"][1:])
        return until(lambda: [alert for alert in self.compliance.get("/v1/alerts?limit=200").json()["items"]
                              if {"event": number} in alert["scans"]], 8, what="an alert")[0]

    def bundle(self, path: str) -> bytes:
        """An evidence bundle, once what it tells is in the signed log."""
        answer = until(lambda: (found := self.compliance.get(path)).status_code != 503 and found, 8, what="the bundle")
        assert answer.status_code == 200, answer.text
        return answer.content

    def proves(self, bundle: bytes, *options) -> str:
        """Both verifiers accept a bundle; what Yima's own says."""
        own, other = self.server.verified(bundle, *options)
        assert own.returncode == 0, own.stdout
        assert other.returncode == 0, other.stdout + other.stderr
        return own.stdout

    def scanner(self, dealer=None) -> Client:
        """A terminal's key of its own: another witness."""
        return self.server.client("terminal", dealer=dealer)


def check_digit(digits: str) -> str:
    """The digit that GS1 keys end with."""
    return str(-sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits))) % 10)


def sscc_uri(serial: int) -> str:
    """A box code in the brand's series, issued or not."""
    digits = f"16901234{serial:09d}"
    return f"https://id.example.cn/00/{digits}{check_digit(digits)}"


def reasons(answer: dict) -> list[str]:
    """The reason codes of a verdict; each has a sentence in both languages."""
    for reason in answer["reasons"]:
        assert reason["message"]["zh"] and reason["message"]["en"], reason
    return [reason["code"] for reason in answer["reasons"]]


def is_problem(answer, status: int, slug: str | None = None, pointer: str | None = None) -> dict:
    """Checks an RFC 9457 problem: status, media type, stable type, and the JSON pointer of a bad field."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["Content-Type"].split(";")[0] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("/problems/") and problem["title"] and problem["titleZh"]
    if slug:
        assert problem["type"] == f"/problems/{slug}", problem
    if pointer is not None:
        assert problem.get("pointer") == pointer, problem
    return problem
