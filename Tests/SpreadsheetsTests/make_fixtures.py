"""Makes the workbooks in `Fixtures`, by two programs that are not ours: openpyxl 3.1.5 and XlsxWriter 3.3.1."""

import datetime
from pathlib import Path

import openpyxl
import xlsxwriter

here = Path(__file__).parent / "Fixtures"

book = openpyxl.Workbook()
book.active.title = "hidden"
book.active.append(["number", "not", "this"])
book.active.sheet_state = "hidden"
sheet = book.create_sheet("发货")
sheet["A1"] = "九月发货清单"
sheet.merge_cells("A1:E1")
for cells, text in [("A3:A4", "单号"), ("B3:B4", "经销商"), ("C3:D3", "编码"), ("E3:E4", "发货时间")]:
    sheet.merge_cells(cells)
    sheet[cells.split(":")[0]] = text
sheet["C4"], sheet["D4"] = "箱码", "止码"
sheet["A6"], sheet["B6"] = "DN-1", "D001"
sheet.merge_cells("A6:A7")
sheet.merge_cells("B6:B7")
sheet["C6"], sheet["C7"] = "106901234500000010", 106901234500000010
sheet["E6"], sheet["E7"] = datetime.datetime(2026, 9, 1, 17, 5), datetime.date(2026, 9, 2)
sheet["A9"], sheet["B9"], sheet["C9"], sheet["D9"], sheet["E9"] = 20260901, True, 6901234567892, "=1+1", 0.1 + 0.2
sheet["H9"] = "_x0041_ & <b> \n two"
book.save(here / "openpyxl.xlsx")

book = xlsxwriter.Workbook(str(here / "xlsxwriter.xlsx"), {"date_1904": True, "constant_memory": True})
sheet = book.add_worksheet("Dealers")
bold, day = book.add_format({"bold": True}), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
clock, padded = book.add_format({"num_format": "[$-804]h:mm:ss"}), book.add_format({"num_format": "00000000000000"})
for column, text in enumerate(["code", "name", "since", "at", "gtin"]):
    sheet.write_string(0, column, text, bold)
sheet.write_string(1, 0, "=cmd|' /C calc'!A0")
sheet.write_rich_string(1, 1, "湖", bold, "南", " 一号")
sheet.write_datetime(1, 2, datetime.datetime(2026, 9, 1), day)
sheet.write_number(1, 3, 0.5 + 5 / 86400, clock)
sheet.write_number(1, 4, 6901234567892, padded)
sheet.write_formula(4, 0, "=A2", None, "worked out")
sheet.write_number(4, 1, -12.5)
sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
book.close()
