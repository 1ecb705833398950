#!/usr/bin/env python3
"""Score any alerts.csv against a simulated market.   python3 evaluate.py DATA_DIR ALERTS.csv [--json]

alerts.csv columns (header required, extra columns ignored; empty = not applicable):
  time        unix seconds at which the alert was raised (must use only scans with time <= this)
  kind        diversion | clone | price | counterfeit
  dealer_ids  ';'-joined dealer ids named by the alert      region_code  6-digit prefecture or province (xx0000)
  lot_id      optional      store_id  price alerts           code  clone alerts      device_id  counterfeit alerts

Unit of count = CASE: diversion alerts are merged by (dealer, destination province) while gaps <= 28 days; --strict: by (dealer, region_code) (several dealers in one
alert: one case per dealer; none: one case per region); clone by code; price by store; counterfeit by device.
A diversion case is TRUE when some alert in it matches an event: raised within [first diverted dispatch, event end + 60 d],
names one of the event's dealers (or none), and its region is a destination prefecture, the province of one, or a prefecture
in which >= 2 scans (or 1 inspector scan) of that event's diverted boxes were registered before the alert.
Cases explained by a local/provincial clone campaign on that dealer's codes in that region are left out of both counts.
"""
import csv, json, os, sys
from collections import defaultdict
import numpy as np

GAP = 28 * 86400
GRACE = 60 * 86400        # alerts on goods of a finished campaign that still surface are true


def rd(p):
    with open(p, newline="") as f:
        yield from csv.DictReader(f)


class Market:
    def __init__(self, d):
        self.dir = d
        self.truth = [dict(r, start=int(r["start_time"]), end=int(r["end_time"]), dealers=set(filter(None, r["dealer_ids"].split(";"))),
                           regions=set(filter(None, r["region_codes"].split(";"))), stores=set(filter(None, r["store_ids"].split(";"))),
                           codes=set(filter(None, r["codes"].split(";"))), lots=set(filter(None, r["lot_ids"].split(";"))), devices=set(filter(None, r["device_ids"].split(";"))))
                      for r in rd(f"{d}/truth.csv")]
        self.byid = {e["event_id"]: e for e in self.truth}
        box_ev = {r["box_id"]: r["event_id"] for r in rd(f"{d}/truth_boxes.csv")}
        auth = {}
        for r in rd(f"{d}/dealers.csv"): auth[r["dealer_id"]] = set(r["authorised_regions"].split(";"))
        self.n_dealers = len(auth)
        box_dealer = {r["box_id"]: r["dealer_id"] for r in rd(f"{d}/dispatches.csv") if r["box_id"] in box_ev}
        self.ev_scans = defaultdict(list)     # event -> [(time, region, source)] of diverted boxes, out of region only
        tmin, tmax = 1 << 60, 0
        for r in rd(f"{d}/scans.csv"):
            t = int(r["time"]); tmin = min(tmin, t); tmax = max(tmax, t)
            e = box_ev.get(r["box_id"])
            if e:
                A = auth[box_dealer[r["box_id"]]]; g = r["region_code"]
                if g not in A and g[:2] + "0000" not in A: self.ev_scans[e].append((t, g, r["source"]))
        self.weeks = (tmax - tmin) / (7 * 86400)
        for v in self.ev_scans.values(): v.sort()
        self.bydealer = defaultdict(list)
        for e in self.truth:
            if e["kind"] == "diversion":
                for d_ in e["dealers"]: self.bydealer[d_].append(e)

    def clone_hit(self, a, dealer):
        return any(e["kind"] == "clone" and "nation" not in e["type"] and dealer in e["dealers"] and e["start"] <= a["t"] <= e["end"]
                   and (a["region_code"] in e["regions"] or ("province" in e["type"] and any(x[:2] == a["region_code"][:2] for x in e["regions"])))
                   for e in self.truth)

    def match_div(self, a, dealer):
        t, g = a["t"], a["region_code"]
        for e in (self.bydealer.get(dealer, ()) if dealer else [e for e in self.truth if e["kind"] == "diversion"]):
            if not (e["start"] <= t <= e["end"] + GRACE): continue
            if not g: return e
            if g in e["regions"]: return e
            if g.endswith("0000"):
                if any(x[:2] == g[:2] for x in e["regions"]): return e
            else:
                h = [s for tt, x, s in self.ev_scans[e["event_id"]] if x == g and tt <= t]
                if len(h) >= 2 or "inspector" in h: return e
        return None


def evaluate(mk, alerts, unit="province"):
    """alerts: list of dicts with time kind dealer_ids region_code lot_id store_id code device_id"""
    for a in alerts: a["t"] = int(float(a["time"]))
    alerts = sorted(alerts, key=lambda a: a["t"])
    first = {}                                # event id -> first matching alert time
    res = {}
    cases = []; open_ = {}
    for a in alerts:
        if a["kind"] != "diversion": continue
        for dlr in (a["dealer_ids"].split(";") if a["dealer_ids"] else [""]):
            e = mk.match_div(a, dlr)
            if e is not None: first.setdefault(e["event_id"], a["t"])
            k = (dlr, a["region_code"][:2] if unit == "province" else a["region_code"]); c = open_.get(k)
            if c is None or a["t"] - c["last"] > GAP: c = dict(last=0, tp=False, t=a["t"]); open_[k] = c; cases.append(c)
            c["last"] = a["t"]; c["tp"] |= e is not None
            if e is None and mk.clone_hit(a, dlr): c["xk"] = True
    cases = [c for c in cases if c["tp"] or not c.get("xk")]     # really cloned goods there: neither true nor false
    def other(kind, col, field):
        cs = {}
        for a in alerts:
            if a["kind"] != kind: continue
            k = a.get(col, "")
            c = cs.get(k)
            if c is None or a["t"] - c["last"] > GAP: c = cs[k] = dict(last=0, tp=False)
            c["last"] = a["t"]
            for e in mk.truth:
                if e["kind"] == kind and e["start"] <= a["t"] <= e["end"] + 14 * 86400 and k in e[field]:
                    c["tp"] = True; first.setdefault(e["event_id"], a["t"])
        return list(cs.values())
    allc = dict(diversion=cases, clone=other("clone", "code", "codes"), price=other("price", "store_id", "stores"),
                counterfeit=other("counterfeit", "device_id", "devices"),
                missing=other("missing", "lot_id", "lots"), burning=other("burning", "device_id", "devices"))
    dw = mk.n_dealers * mk.weeks
    for kind, cs in allc.items():
        ev = [e for e in mk.truth if e["kind"] == kind]; tp = sum(c["tp"] for c in cs); fp = len(cs) - tp
        r = dict(cases=len(cs), tp_cases=tp, fp_cases=fp, precision=tp / len(cs) if cs else float("nan"),
                 events=len(ev), detected=sum(e["event_id"] in first for e in ev), fp_per_1000_dealer_weeks=1000 * fp / dw,
                 raw_alerts=sum(a["kind"] == kind for a in alerts))
        r["recall"] = r["detected"] / len(ev) if ev else float("nan")
        by = defaultdict(lambda: [0, 0])
        for e in ev: by[e["type"]][1] += 1; by[e["type"]][0] += e["event_id"] in first
        r["by_type"] = {k: tuple(v) for k, v in by.items()}
        if kind == "diversion":
            sc, dd, dw_, per = [], [], [], {}
            for e in ev:
                h = mk.ev_scans[e["event_id"]]
                if e["event_id"] in first:
                    t = first[e["event_id"]]; k = sum(x[0] <= t for x in h)
                    sc.append(k); dw_.append((t - e["start"]) / 86400); dd.append((t - (h[0][0] if h else t)) / 86400)
                    per[e["event_id"]] = (e["type"], k, round(dd[-1], 1), len(h))
                else: per[e["event_id"]] = (e["type"], None, None, len(h))
            r.update(scans_to_detect=sc, days_from_first_scan=dd, days_from_dispatch=dw_, per_event=per)
        else:
            r["days"] = [(first[e["event_id"]] - e["start"]) / 86400 for e in ev if e["event_id"] in first]
        res[kind] = r
    return res


def pool(rs):
    """pool evaluate() results of several seeds"""
    out = {}
    for kind in rs[0]:
        q = [r[kind] for r in rs]; tp = sum(x["tp_cases"] for x in q); fp = sum(x["fp_cases"] for x in q)
        o = dict(cases=tp + fp, tp=tp, fp=fp, precision=tp / (tp + fp) if tp + fp else float("nan"),
                 recall=sum(x["detected"] for x in q) / max(1, sum(x["events"] for x in q)), events=sum(x["events"] for x in q),
                 fp_per_1000dw=float(np.mean([x["fp_per_1000_dealer_weeks"] for x in q])))
        by = defaultdict(lambda: [0, 0])
        for x in q:
            for k, v in x["by_type"].items(): by[k][0] += v[0]; by[k][1] += v[1]
        o["by_type"] = {k: f"{v[0]}/{v[1]}" for k, v in by.items()}
        med = lambda k: float(np.median(sum((x.get(k, []) for x in q), []))) if sum((x.get(k, []) for x in q), []) else float("nan")
        if kind == "diversion": o.update(med_scans=med("scans_to_detect"), med_days_first_scan=med("days_from_first_scan"), med_days_dispatch=med("days_from_dispatch"))
        else: o["med_days"] = med("days")
        out[kind] = o
    return out


if __name__ == "__main__":
    mk = Market(sys.argv[1]); r = evaluate(mk, list(rd(sys.argv[2])), "region" if "--strict" in sys.argv else "province")
    p = pool([r])
    if "--json" in sys.argv: print(json.dumps(p, indent=1))
    else:
        for k, v in p.items():
            print(k, {a: (round(b, 3) if isinstance(b, float) else b) for a, b in v.items()})
