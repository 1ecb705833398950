"""report.pdf as a judge gets it: its pictures decoded, its words read off the pages."""

import hashlib
import io
import subprocess
import zipfile

import bundle_stories
import optics
from brand import CHANGSHA
from harness import until


def bundle(brand, case: str) -> zipfile.ZipFile:
    path = f"/v1/cases/{case}/evidence"
    got = until(lambda: (answer := brand.compliance.get(path)).status_code == 200 and answer, 15, what="the bundle")
    return zipfile.ZipFile(io.BytesIO(got.content))


def words(pdf: bytes, folder) -> str:
    (folder / "report.pdf").write_bytes(pdf)
    run = subprocess.run(["pdftotext", folder / "report.pdf", "-"], capture_output=True, text=True, check=True)
    return "".join(run.stdout.split())


def test_the_report_of_an_inspection(brand, tmp_path):
    archive = bundle(brand, bundle_stories.investigate(brand))
    pdf = archive.read("report.pdf")
    codes, _ = optics.read(optics.pictures(pdf, "pdf", tmp_path, dpi=150))
    hash_ = hashlib.sha256(archive.read("checkpoint")).hexdigest()
    assert len(codes) == 2 and all(hash_ in code for code in codes), "one in each language"
    text = words(pdf, tmp_path)
    for said in ("稽查员，设备EDA52.0042，稽查I1，照片1", "inspector,deviceEDA52.0042,inspectionI1,photos:1",
                 "扫码者申报", "asstatedbywhoscanned",
                 "业务证据：稽查走访及照片", "Businessproof:aninspector'svisitwithphotos", "所需次数", "Window,days"):
        assert said in text, said


def test_the_report_of_a_price_alert_says_price_and_floor(brand, tmp_path):
    brand.policy("PP-R", mode="enforce")
    items, _ = brand.goods()
    price = {"amount": "88.00", "currency": "CNY"}
    scan = brand.inspector.scan(items[0], location=CHANGSHA, price=price)
    alert = brand.alert_of(scan)
    assert alert["kind"] == "price"
    case = brand.compliance.ok("/v1/cases", {"alerts": [alert["id"]]})["id"]
    text = words(bundle(brand, case).read("report.pdf"), tmp_path)
    for said in ("以低于价格政策的价格出现1次，最低88.00CNY，政策限价99.00CNY", "thelowest88.00CNYagainstafloorof99.00CNY",
                 "AMLArt.18safeharbour", "PP-R/1", "售价88.00CNY"):
        assert said in text, said
