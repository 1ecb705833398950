#!/usr/bin/env python3
"""Synthetic anti-diversion (fang-cuan-huo) market with ground truth.  numpy only.

  python3 simulate.py --seed 1 --out market [--dealers 200 --weeks 26]

Writes regions.csv dealers.csv stores.csv skus.csv dispatches.csv scans.csv
truth.csv truth_boxes.csv   (see ../design/detection.md).

Nothing here is fitted to real data: every rate is an explicit assumption in PARAMS.
"""
import argparse, ast, csv, os
import numpy as np

T0 = 1704038400            # 2024-01-01 00:00 +08:00, unix seconds
DAY = 86400

PARAMS = dict(
    items_per_box=24,
    lot_boxes_mean=60, lot_boxes_sigma=0.5,
    scan_rates=(0.006, 0.015, 0.030, 0.050),       # consumer scan probability per item, per SKU
    sku_mix=(0.25, 0.35, 0.25, 0.15),
    ip_share=0.35,                                  # consumer scans located by IP only
    travel=0.040, commute=0.020, gift=0.018, ecom_base=0.008,
    ecom_dealer_share=0.12, ecom_dealer=(0.03, 0.09),
    ip_wrong=0.28, ip_to_capital=0.70, ip_in_prov=0.15,   # remaining 0.15 = other province
    gps_border=0.012, gps_far=0.003,
    term_store_share=0.40, term_rate=0.020, term_misreg=0.010,
    transfer_adj=0.006, transfer_far=0.0008,        # legitimate inter-store transfers (per box)
    insp_rate=0.003,                                # inspector scan per box
    boxcarry_per_lot=0.10, groupbuy_per_lot=0.015,
    rescan_same=0.12, rescan_other=0.03,
    invalid_rate=0.003, price_entry_error=0.008,
    shelf_lag=8.0, sell_lag=13.0,                   # days (means)
    pair_sigma=0.5, gift_pair_sigma=1.0,            # log-sd of origin-destination heterogeneity
    events_per_type=3, at_shop=0.4,
    div_term_factor=0.4,                            # receiving stores avoid the terminal
    removed_events=0, removed_share=(0.6, 0.95),    # lots whose codes are scraped off a share of the boxes
    burn_events=0, burn_boxes=(8, 30),              # phones that scan goods in bulk before they are sold
)

PROV = [  # GB/T 2260 code, lat, lon, population (million), number of prefectures, area (10^4 km2)
    (11, 39.9, 116.4, 21.9, 1, 1.64), (12, 39.1, 117.2, 13.9, 1, 1.19), (13, 38.0, 115.5, 74.6, 11, 18.9),
    (14, 37.6, 112.3, 34.9, 11, 15.7), (15, 42.5, 113.0, 24.0, 12, 60.0), (21, 41.3, 123.0, 42.6, 14, 14.8),
    (22, 43.6, 126.0, 24.1, 9, 18.7), (23, 46.5, 127.5, 31.9, 13, 40.0), (31, 31.2, 121.5, 24.9, 1, 0.63),
    (32, 32.9, 119.5, 84.7, 13, 10.7), (33, 29.2, 120.3, 64.6, 11, 10.5), (34, 31.8, 117.3, 61.0, 16, 14.0),
    (35, 26.0, 118.1, 41.5, 9, 12.4), (36, 27.6, 115.9, 45.2, 11, 16.7), (37, 36.3, 118.2, 101.5, 16, 15.8),
    (41, 33.9, 113.6, 99.4, 18, 16.7), (42, 31.0, 112.8, 57.8, 14, 18.6), (43, 27.6, 111.9, 66.4, 14, 21.2),
    (44, 23.2, 113.4, 126.0, 21, 18.0), (45, 23.8, 108.6, 50.1, 14, 23.7), (46, 19.3, 109.8, 10.1, 4, 3.5),
    (50, 29.6, 106.9, 32.1, 1, 8.2), (51, 30.4, 103.9, 83.7, 21, 35.0), (52, 26.7, 106.8, 38.6, 9, 17.6),
    (53, 24.8, 101.8, 47.2, 16, 39.0), (54, 29.8, 91.5, 3.6, 7, 60.0), (61, 34.5, 108.8, 39.5, 10, 20.6),
    (62, 35.8, 103.8, 25.0, 14, 35.0), (63, 36.2, 100.8, 5.9, 8, 40.0), (64, 37.5, 106.2, 7.2, 5, 6.6),
    (65, 42.8, 85.5, 25.9, 14, 90.0)]

DIV_TYPES = ["pallet_far", "pallet_adjacent", "pallet_small", "mixed_boxes",
             "trickle", "second_tier", "adjacent_trickle", "far_spread"]


def haversine(lat1, lon1, lat2, lon2):
    p = np.pi / 180
    a = (np.sin((lat2 - lat1) * p / 2) ** 2
         + np.cos(lat1 * p) * np.cos(lat2 * p) * np.sin((lon2 - lon1) * p / 2) ** 2)
    return 12742.0 * np.arcsin(np.sqrt(np.clip(a, 0, 1)))


def make_map(rng):
    code, prov, lat, lon, pop, rad, cap = [], [], [], [], [], [], []
    for pi, (pc, la, lo, pm, n, area) in enumerate(PROV):
        R = np.sqrt(area * 1e4 / np.pi)
        pts = [(0.0, 0.0)]
        while len(pts) < n:                        # Mitchell best candidate in a disc
            a = rng.uniform(0, 2 * np.pi, 12); r = R * np.sqrt(rng.uniform(0, 1, 12))
            c = np.stack([r * np.cos(a), r * np.sin(a)], 1)
            dmin = np.min(np.hypot(c[:, None, 0] - np.array(pts)[None, :, 0],
                                   c[:, None, 1] - np.array(pts)[None, :, 1]), 1)
            pts.append(tuple(c[np.argmax(dmin)]))
        w = np.exp(rng.normal(0, 0.5, n)); w[0] *= 2.2; w /= w.sum()
        for k, (x, y) in enumerate(pts):
            code.append(pc * 10000 + (k + 1) * 100); prov.append(pi)
            lat.append(la + y / 111.0); lon.append(lo + x / (111.0 * np.cos(la * np.pi / 180)))
            pop.append(pm * 1e6 * w[k]); rad.append(np.sqrt(area * 1e4 / n / np.pi)); cap.append(k == 0)
    d = dict(code=np.array(code), prov=np.array(prov), lat=np.array(lat), lon=np.array(lon),
             pop=np.array(pop), rad=np.array(rad), cap=np.array(cap))
    d["D"] = haversine(d["lat"][:, None], d["lon"][:, None], d["lat"][None], d["lon"][None])
    return d


def sample_rows(rng, cum, rows):
    """one draw per entry of rows from the row-wise cumulative matrix cum"""
    out = np.empty(len(rows), np.int64)
    u = rng.uniform(0, 1, len(rows))
    order = np.argsort(rows, kind="stable")
    r, st = np.unique(rows[order], return_index=True)
    st = np.append(st, len(rows))
    for i, h in enumerate(r):
        ix = order[st[i]:st[i + 1]]
        out[ix] = np.minimum(np.searchsorted(cum[h], u[ix]), cum.shape[1] - 1)
    return out


def simulate(seed, out, nd=200, weeks=26, P=PARAMS):
    rng = np.random.default_rng(seed)
    M = make_map(rng); R = len(M["code"]); D = M["D"]; pop = M["pop"]; prov = M["prov"]
    horizon = weeks * 7.0
    caps = np.array([np.where((prov == p) & M["cap"])[0][0] for p in range(len(PROV))])

    # ---- legitimate mobility kernels -------------------------------------------------
    off = ~np.eye(R, dtype=bool)
    attr = np.exp(rng.normal(0, 0.4, R)); attr[rng.choice(R, 25, False)] *= 3.0     # tourist hubs
    travel = (pop[None] ** 0.8) * attr[None] * (D + 30) ** -1.2 * np.exp(rng.normal(0, P["pair_sigma"], (R, R)))
    commute = pop[None] * np.exp(-D / 35.0)
    pp = np.exp(rng.normal(0, 0.7, (len(PROV), len(PROV))))
    gift = (pop[None] ** 0.7) * (D + 100) ** -0.5 * pp[prov][:, prov] * np.exp(rng.normal(0, P["gift_pair_sigma"], (R, R)))
    ecom = np.tile(pop * np.exp(rng.normal(0, 0.3, R)), (R, 1))
    def rowcum(K):
        K = np.where(off, K, 0); K = K / K.sum(1, keepdims=True); return np.cumsum(K, 1)
    C_travel, C_commute, C_gift, C_ecom = map(rowcum, (travel, commute, gift, ecom))
    C_near = rowcum(np.exp(-D / 30.0))
    border = np.minimum(2.0, np.where(off, np.exp(-D / 60.0), 0).sum(1)) / 0.5          # border exposure
    o_travel = P["travel"] * np.exp(rng.normal(0, 0.35, R))
    o_commute = P["commute"] * np.minimum(border, 2.5)
    season = np.ones(int(horizon) + 60)
    season[33:50] = 2.6; season[121:127] = 2.4                                       # Spring Festival, May Day

    # ---- dealers --------------------------------------------------------------------
    cover = rng.permutation(R); dealers = []
    seeds_ = list(cover[np.argsort(-pop[cover] * rng.uniform(0.6, 1.4, R))][:nd])
    for d in range(nd):
        h = seeds_[d % len(seeds_)]
        same = np.where(prov == prov[h])[0]
        k = rng.choice([1, 2, 3, 99], p=[0.45, 0.27, 0.20, 0.08])
        near = same[np.argsort(D[h, same])]
        A = near[: min(k, len(near))]
        dealers.append(dict(id=f"D{d+1:04d}", A=A, whole=len(A) == len(same), h=h,
                            size=np.exp(rng.normal(0, 0.45)),
                            ecom=rng.uniform(*P["ecom_dealer"]) if rng.uniform() < P["ecom_dealer_share"] else P["ecom_base"],
                            mob=np.exp(rng.normal(0, 0.2))))
    # ---- stores ---------------------------------------------------------------------
    st_reg, st_term = [], []
    st_of = [[] for _ in range(R)]
    for r in range(R):
        for _ in range(int(np.clip(pop[r] / 6e5, 4, 16))):
            st_of[r].append(len(st_reg)); st_reg.append(r); st_term.append(rng.uniform() < P["term_store_share"])
    st_reg = np.array(st_reg); st_term = np.array(st_term); nS = len(st_reg)
    st_registered = st_reg.copy()
    for s in np.where(rng.uniform(0, 1, nS) < P["term_misreg"])[0]:
        st_registered[s] = sample_rows(rng, C_near if rng.uniform() < 0.5 else C_travel, np.array([st_reg[s]]))[0]

    # ---- lots and boxes -------------------------------------------------------------
    L = []                                            # lots: dealer, day, sku, nboxes
    for d, dl in enumerate(dealers):
        per = rng.choice([0.5, 1, 2], p=[0.25, 0.6, 0.15]); t = rng.uniform(0, 7 / per)
        while t < horizon - 7:
            nb = int(np.clip(P["lot_boxes_mean"] * dl["size"] * np.exp(rng.normal(-0.12, P["lot_boxes_sigma"])), 10, 240))
            L.append((d, t, rng.choice(4, p=P["sku_mix"]), nb)); t += (7 / per) * rng.uniform(0.8, 1.2)
    L.sort(key=lambda x: x[1])
    nL = len(L)
    lot_d = np.array([l[0] for l in L]); lot_t = np.array([l[1] for l in L])
    lot_sku = np.array([l[2] for l in L]); lot_n = np.array([l[3] for l in L])
    lot_start = np.concatenate([[0], np.cumsum(lot_n)]); nB = int(lot_start[-1])
    b_lot = np.repeat(np.arange(nL), lot_n); b_d = lot_d[b_lot]
    b_sell = np.empty(nB, np.int64)                   # prefecture where the box is sold
    for d, dl in enumerate(dealers):
        ix = np.where(b_d == d)[0]; w = pop[dl["A"]] ** 0.9; w /= w.sum()
        b_sell[ix] = rng.choice(dl["A"], len(ix), p=w)
    b_event = np.full(nB, -1)
    b_lagx = np.zeros(nB)
    # legitimate transfers between stores
    u = rng.uniform(0, 1, nB)
    ix = np.where(u < P["transfer_adj"])[0]; b_sell[ix] = sample_rows(rng, C_near, b_sell[ix])
    ix = np.where((u >= P["transfer_adj"]) & (u < P["transfer_adj"] + P["transfer_far"]))[0]
    b_sell[ix] = sample_rows(rng, C_travel, b_sell[ix])
    b_store = np.empty(nB, np.int64)
    for r in np.unique(b_sell):
        ix = np.where(b_sell == r)[0]; b_store[ix] = rng.choice(st_of[r], len(ix))

    # ---- diversion campaigns --------------------------------------------------------
    truth = []; used = set()
    lots_of = [np.where(lot_d == d)[0] for d in range(nd)]
    Aset = [set(dl["A"].tolist()) for dl in dealers]

    def pick_dealer(minlots=8):
        while True:
            d = int(rng.integers(nd))
            if d not in used and len(lots_of[d]) >= minlots: used.add(d); return d

    def pick_dest(d, lo, hi):
        A = dealers[d]["A"]; dm = D[A].min(0)
        auth = np.array([r in Aset[d] for r in range(R)])
        c = np.where((dm >= lo) & (dm <= hi) & ~auth & (pop > 8e5))[0]
        if len(c) == 0: c = np.array([np.argsort(np.where(auth, 1e9, dm))[0]])
        w = pop[c]; return int(rng.choice(c, p=w / w.sum()))

    def adjacent(d):
        A = dealers[d]["A"]; dm = D[A].min(0).copy(); dm[A] = 1e9
        return int(rng.choice(np.argsort(dm)[:3]))

    def divert(eid, boxes, dests):
        g = rng.choice(dests, len(boxes))
        b_sell[boxes] = g; b_event[boxes] = eid; b_lagx[boxes] = rng.uniform(3, 8, len(boxes))
        for r in np.unique(g):
            ix = boxes[g == r]; rec = rng.choice(st_of[r], min(len(st_of[r]), int(rng.integers(2, 5))), False)
            b_store[ix] = rng.choice(rec, len(ix))

    def boxes_of(lot, frac=None, n=None):
        b = np.arange(lot_start[lot], lot_start[lot + 1])
        m = len(b) if frac is None and n is None else (n if n else max(1, int(round(frac * len(b)))))
        return np.sort(rng.choice(b, min(m, len(b)), False))

    def window(d, w0, w1, k=None, lasting=None):
        s = rng.uniform(w0, w1) * 7
        ls = lots_of[d][lot_t[lots_of[d]] >= s]
        if lasting is not None: ls = ls[lot_t[ls] < s + 7 * lasting]
        return ls[:k] if k else ls

    for typ in DIV_TYPES:
        for rep in range(P["events_per_type"]):
            eid = len(truth); ds, bx = [], []
            if typ == "second_tier":
                d0 = pick_dealer(); p0 = prov[dealers[d0]["h"]]
                cand = [d for d in range(nd) if d not in used and len(lots_of[d]) >= 8]
                cand.sort(key=lambda d: D[dealers[d]["h"], dealers[d0]["h"]])
                ds = [d0] + cand[: int(rng.integers(2, 5))]
                for d in ds[1:]: used.add(d)
                for _ in range(50):
                    dest = [pick_dest(d0, 150, 900)]
                    if all(dest[0] not in Aset[d] for d in ds): break
                dur = rng.uniform(6, 9); w0 = rng.uniform(5, 12)
                for d in ds:
                    ls = lots_of[d]; ls = ls[(lot_t[ls] >= w0 * 7) & (lot_t[ls] < (w0 + dur) * 7)]
                    fr = rng.uniform(0.08, 0.15)
                    for l in ls: bx.append(boxes_of(l, frac=fr))
            else:
                d = pick_dealer(12 if "trickle" in typ else 8); ds = [d]
                if typ == "pallet_far":
                    dest = [pick_dest(d, 500, 2500)]; bx = [boxes_of(l) for l in window(d, 4, 16, 1)]
                elif typ == "pallet_adjacent":
                    dest = [adjacent(d)]; bx = [boxes_of(l) for l in window(d, 4, 16, 1)]
                elif typ == "pallet_small":
                    dest = [pick_dest(d, 200, 2500)]
                    bx = [boxes_of(l, n=int(rng.integers(8, 16))) for l in window(d, 4, 16, 1)]
                elif typ == "mixed_boxes":
                    dest = [pick_dest(d, 150, 600)]; fr = rng.uniform(0.25, 0.5)
                    bx = [boxes_of(l, frac=fr) for l in window(d, 4, 14, int(rng.integers(2, 5)))]
                elif typ == "trickle":
                    dest = [pick_dest(d, 200, 2000)]; fr = rng.uniform(0.04, 0.08)
                    bx = [boxes_of(l, frac=fr) for l in window(d, 4, 8, lasting=rng.uniform(12, 16))]
                elif typ == "adjacent_trickle":
                    dest = [adjacent(d)]; fr = rng.uniform(0.10, 0.18)
                    bx = [boxes_of(l, frac=fr) for l in window(d, 4, 8, lasting=rng.uniform(10, 14))]
                elif typ == "far_spread":
                    g = pick_dest(d, 400, 2500); same = np.where(prov == prov[g])[0]
                    dest = list(rng.choice(same, min(len(same), int(rng.integers(3, 7))), False))
                    dest = [x for x in dest if x not in Aset[d]] or [g]; fr = rng.uniform(0.25, 0.4)
                    bx = [boxes_of(l, frac=fr) for l in window(d, 4, 14, 4)]
            bx = np.concatenate(bx); divert(eid, bx, np.array(dest))
            lots = np.unique(b_lot[bx])
            truth.append(dict(kind="diversion", type=typ, dealers=[dealers[d]["id"] for d in ds],
                              regions=[int(M["code"][g]) for g in dest], lots=lots, boxes=bx,
                              start=lot_t[lots].min(), end=lot_t[lots].max() + 45,
                              n_items=len(bx) * P["items_per_box"], stores=[], codes=[], devices=[]))

    # ---- consumer scans -------------------------------------------------------------
    per = P["items_per_box"]
    rate = np.array(P["scan_rates"])[lot_sku[b_lot]] * np.exp(rng.normal(0, 0.25, nL))[b_lot]
    mult = np.ones(nB); b_true_loc = np.full(nB, -1)   # box carried as a whole
    b_fewdev = np.zeros(nB, bool); b_noise = np.zeros(nB, np.int64)
    for _ in range(rng.poisson(P["boxcarry_per_lot"] * nL)):
        b = int(rng.integers(nB))
        if b_event[b] < 0:
            b_true_loc[b] = sample_rows(rng, C_gift, np.array([b_sell[b]]))[0]; mult[b] = 2.5; b_fewdev[b] = True; b_noise[b] = 1
    for _ in range(rng.poisson(P["groupbuy_per_lot"] * nL)):
        l = int(rng.integers(nL)); bs = boxes_of(l, n=int(rng.integers(2, 4)))
        bs = bs[b_event[bs] < 0]
        if len(bs):
            b_true_loc[bs] = sample_rows(rng, C_gift, np.array([b_sell[bs[0]]]))[0]; mult[bs] = 2.5; b_noise[bs] = 2
    shelf = lot_t[b_lot] + b_lagx + rng.gamma(2, P["shelf_lag"] / 2, nB)
    ncs = rng.poisson(per * rate * mult)
    sb = np.repeat(np.arange(nB), ncs); n = len(sb)
    t = shelf[sb] + rng.exponential(P["sell_lag"], n)
    rank = np.arange(n) - np.repeat(np.cumsum(ncs) - ncs, ncs)                        # distinct consumers scan distinct items of a box
    item = (sb * 7 + rank * 5) % per + 1
    loc = np.where(b_true_loc[sb] >= 0, b_true_loc[sb], b_sell[sb])
    day = np.clip(t.astype(int), 0, len(season) - 1); se = season[day]
    ptr = o_travel[b_sell[sb]] * se * np.array([x["mob"] for x in dealers])[b_d[sb]]
    pco = o_commute[b_sell[sb]]; pgi = P["gift"] * np.where(se > 1.5, 1.8, 1.0)
    pec = np.array([x["ecom"] for x in dealers])[b_d[sb]]
    u = rng.uniform(0, 1, n); free = b_true_loc[sb] < 0
    c1 = ptr; c2 = c1 + pco; c3 = c2 + pgi; c4 = c3 + pec
    for lo, hi, C in ((0, c1, C_travel), (c1, c2, C_commute), (c2, c3, C_gift), (c3, c4, C_ecom)):
        ix = np.where(free & (u >= lo) & (u < hi))[0]
        if len(ix): loc[ix] = sample_rows(rng, C, b_sell[sb[ix]])
    src = np.where(rng.uniform(0, 1, n) < P["ip_share"], 1, 0)          # 0 gps, 1 ip, 2 terminal, 3 inspector
    dev = rng.integers(1, 2 ** 40, n)
    # several scans of one box by one consumer
    same = (np.concatenate([[False], sb[1:] == sb[:-1]])) & (rng.uniform(0, 1, n) < np.where(b_fewdev[sb], 0.6, 0.25))
    for i in np.where(same)[0]: dev[i] = dev[i - 1]; loc[i] = loc[i - 1]; src[i] = src[i - 1]; t[i] = t[i - 1] + rng.exponential(0.2)
    rad = M["rad"]
    def spread_off(lc): return 0.35 * rad[lc] * rng.normal(0, 1, len(lc)), 0.35 * rad[lc] * rng.normal(0, 1, len(lc))
    st_ox, st_oy = spread_off(st_reg)
    ox, oy = spread_off(loc)                         # at home, or (40 %) in the shop where it was bought
    atshop = (rng.uniform(0, 1, n) < P["at_shop"]) & (loc == b_sell[sb]); ox[atshop] = st_ox[b_store[sb[atshop]]]; oy[atshop] = st_oy[b_store[sb[atshop]]]
    for i in np.where(same)[0]: ox[i] = ox[i - 1]; oy[i] = oy[i - 1]
    S = dict(t=t, box=sb, item=item, src=src, loc=loc, dev=dev, store=np.full(n, -1), price=np.zeros(n), valid=np.ones(n, bool), fake=np.zeros(n, bool), ox=ox, oy=oy)
    parts = [S]

    def part(t, box, item, src, loc, dev, store=None, price=None, valid=True, fake=False, off=None):
        m = len(t); off = off if off is not None else (spread_off(np.asarray(loc)) if store is None else (st_ox[store], st_oy[store]))
        parts.append(dict(t=np.asarray(t, float), box=np.asarray(box), item=np.asarray(item), src=np.full(m, src) if np.isscalar(src) else src,
                          loc=np.asarray(loc), dev=np.asarray(dev), store=np.full(m, -1) if store is None else store,
                          price=np.zeros(m) if price is None else price, valid=np.full(m, valid), fake=np.full(m, fake), ox=off[0], oy=off[1]))

    # repeated scans of one code
    ix = np.where(rng.uniform(0, 1, n) < P["rescan_same"])[0]
    part(t[ix] + rng.exponential(0.5, len(ix)), sb[ix], item[ix], src[ix], loc[ix], dev[ix], off=(ox[ix], oy[ix]))
    ix = np.where(rng.uniform(0, 1, n) < P["rescan_other"])[0]
    l2 = loc[ix].copy(); mv = rng.uniform(0, 1, len(ix)) < 0.12
    l2[mv] = sample_rows(rng, C_travel, l2[mv]); o2 = spread_off(l2); o2[0][~mv] = ox[ix][~mv]; o2[1][~mv] = oy[ix][~mv]
    part(t[ix] + np.where(mv, 1.0, 0.02) + rng.exponential(3.0, len(ix)), sb[ix], item[ix],
         np.where(rng.uniform(0, 1, len(ix)) < P["ip_share"], 1, 0), l2, rng.integers(1, 2 ** 40, len(ix)), off=o2)
    # display items: many different people scan one shelf item in one store
    for _ in range(30):
        b = int(rng.integers(nB)); k = int(rng.integers(5, 21))
        part(shelf[b] + rng.uniform(0, 30, k), np.full(k, b), np.full(k, 1), np.where(rng.uniform(0, 1, k) < P["ip_share"], 1, 0),
             np.full(k, b_sell[b]), rng.integers(1, 2 ** 40, k), off=(np.full(k, st_ox[b_store[b]]), np.full(k, st_oy[b_store[b]])))

    # ---- clones ---------------------------------------------------------------------
    clone_specs = [(1, 400, "local"), (1, 800, "nation"), (1, 150, "province"), (6, 80, "province"), (15, 60, "nation"), (25, 40, "local")]
    for nc, nf, spread in clone_specs:
        eid = len(truth); w0 = rng.uniform(5, 14) * 7
        old = np.where((lot_t > w0 - 40) & (lot_t < w0 - 5))[0]; lot = int(rng.choice(old))
        bs = rng.choice(np.arange(lot_start[lot], lot_start[lot + 1]), nc, replace=nc > lot_n[lot]); its = rng.integers(1, per + 1, nc)
        codes = sorted({(int(b), int(i)) for b, i in zip(bs, its)})
        g = int(rng.choice(R, p=pop / pop.sum()))
        for (b, i) in codes:
            k = rng.poisson(nf * 0.03)
            if spread == "local": lc = np.full(k, g)
            elif spread == "province":
                sm = np.where(prov == prov[g])[0]; lc = rng.choice(sm, k, p=pop[sm] / pop[sm].sum())
            else: lc = rng.choice(R, k, p=pop / pop.sum())
            part(w0 + rng.uniform(0, 60, k), np.full(k, b), np.full(k, i), np.where(rng.uniform(0, 1, k) < P["ip_share"], 1, 0), lc,
                 rng.integers(1, 2 ** 40, k), fake=True)
        truth.append(dict(kind="clone", type=f"clone_{spread}_{nc}x{nf}", dealers=[dealers[lot_d[lot]]["id"]], regions=[int(M["code"][g])],
                          lots=[], boxes=[], start=w0, end=w0 + 75, n_items=nc * nf, stores=[], codes=codes, devices=[]))

    # ---- terminal scans (with price) --------------------------------------------------
    trate = np.where(st_term[b_store], P["term_rate"], 0) * np.where(b_event >= 0, P["div_term_factor"], 1.0)
    k = rng.poisson(per * trate); tb = np.repeat(np.arange(nB), k); m = len(tb)
    lst = np.array([4900, 9900, 19900, 39900]); floor = (lst * 0.90).astype(int)
    tt = shelf[tb] + rng.exponential(P["sell_lag"], m)
    price = lst[lot_sku[b_lot[tb]]] * (1 + 0.03 * rng.normal(0, 1, m)); price = np.maximum(price, floor[lot_sku[b_lot[tb]]] + 1)
    price = np.where(b_event[tb] >= 0, np.maximum(price * rng.uniform(0.94, 0.98, m), floor[lot_sku[b_lot[tb]]] + 1), price)
    bad = rng.uniform(0, 1, m) < P["price_entry_error"]; price[bad] *= rng.uniform(0.1, 0.85, bad.sum())
    tstore = b_store[tb]
    busy = np.where((np.bincount(tstore, minlength=nS) >= 40))[0]; rng.shuffle(busy)
    pos = 0
    for typ, cnt in (("price_store", 6), ("price_cluster", 4)):
        for _ in range(cnt):
            w0 = rng.uniform(4, 18) * 7; dur = rng.uniform(21, 56)
            if typ == "price_store": ss = [int(busy[pos])]; pos += 1
            else:
                r = st_reg[busy[pos]]; pos += 1
                ss = [s for s in st_of[r] if st_term[s]][:5]
            depth = rng.uniform(0.85, 0.97)
            ix = np.where(np.isin(tstore, ss) & (tt >= w0) & (tt < w0 + dur) & (rng.uniform(0, 1, m) < 0.7))[0]
            price[ix] = floor[lot_sku[b_lot[tb[ix]]]] * depth * (1 + 0.01 * rng.normal(0, 1, len(ix)))
            truth.append(dict(kind="price", type=typ, dealers=[], regions=sorted({int(M["code"][st_registered[s]]) for s in ss}), lots=[], boxes=[],
                              start=w0, end=w0 + dur + 5, n_items=len(ix), stores=[f"S{s:05d}" for s in ss], codes=[], devices=[]))
    part(tt, tb, rng.integers(1, per + 1, m), 2, st_registered[tstore], np.zeros(m, np.int64), store=tstore, price=price)

    # ---- inspector scans ---------------------------------------------------------------
    ib = np.where(rng.uniform(0, 1, nB) < P["insp_rate"])[0]
    part(shelf[ib] + rng.uniform(0, 15, len(ib)), ib, rng.integers(1, per + 1, len(ib)), 3, b_sell[ib], np.zeros(len(ib), np.int64), store=b_store[ib])

    # ---- invalid codes and guessing attacks ----------------------------------------------
    k = int(P["invalid_rate"] * n)
    part(rng.uniform(0, horizon, k), np.full(k, -1), rng.integers(1, 10 ** 9, k), np.where(rng.uniform(0, 1, k) < P["ip_share"], 1, 0),
         rng.choice(R, k, p=pop / pop.sum()), rng.integers(1, 2 ** 40, k), valid=False)
    for nd_ in (1, 3, 8):
        w0 = rng.uniform(4, 20) * 7; k = int(rng.integers(150, 400)); dv = rng.integers(1, 2 ** 40, nd_)
        g = int(rng.choice(R, p=pop / pop.sum())); hit = rng.uniform(0, 1, k) < 0.02
        bx = np.where(hit, rng.integers(0, nB, k), -1)
        hit &= lot_t[b_lot[np.maximum(bx, 0)]] < w0; bx = np.where(hit, bx, -1)
        part(w0 + rng.uniform(0, 2, k), bx, np.where(hit, rng.integers(1, per + 1, k), rng.integers(1, 10 ** 9, k)), 1, np.full(k, g), rng.choice(dv, k))
        parts[-1]["valid"] = hit.copy(); parts[-1]["fake"] = np.ones(k, bool)
        truth.append(dict(kind="counterfeit", type=f"guess_{nd_}dev", dealers=[], regions=[int(M["code"][g])], lots=[], boxes=[], start=w0, end=w0 + 4,
                          n_items=k, stores=[], codes=[], devices=[int(x) for x in dv]))

    # ---- burnt and removed codes (a generator of their own: seeds give the same market without them) -------------------
    rng2 = np.random.default_rng(seed + 1_000_000); dark = np.zeros(nB, bool)
    early = np.where((lot_t < horizon - 80) & (lot_t > 30))[0]
    for _ in range(P["burn_events"]):
        eid = len(truth); lot = int(rng2.choice(early)); dv = int(rng2.integers(1, 2 ** 40))
        bs = np.arange(lot_start[lot], lot_start[lot + 1])[: int(rng2.integers(*P["burn_boxes"]))]
        bb = np.repeat(bs, 3); k = len(bb); g = int(b_sell[bs[0]]); t0_ = lot_t[lot] + rng2.uniform(0.5, 2)
        o_ = 0.35 * M["rad"][g] * rng2.normal(0, 1, 2)
        part(t0_ + np.arange(k) * 12 / DAY, bb, np.tile([1, 9, 17], len(bs)), 0, np.full(k, g), np.full(k, dv), fake=True, off=(np.full(k, o_[0]), np.full(k, o_[1])))
        truth.append(dict(kind="burning", type="burning", dealers=[], regions=[], lots=[lot], boxes=[], start=t0_ - 1, end=t0_ + 1, n_items=k, stores=[], codes=[], devices=[dv]))
    big = early[lot_n[early] >= 30]
    for _ in range(P["removed_events"]):
        eid = len(truth); lot = int(rng2.choice(big)); fr = rng2.uniform(*P["removed_share"])
        bs = np.arange(lot_start[lot], lot_start[lot + 1]); dark[rng2.choice(bs, int(fr * len(bs)), False)] = True
        truth.append(dict(kind="missing", type=f"removed_{'slow' if P['scan_rates'][lot_sku[lot]] < 0.02 else 'fast'}", dealers=[dealers[lot_d[lot]]["id"]], regions=[], lots=[lot], boxes=[],
                          start=lot_t[lot], end=lot_t[lot] + 120, n_items=int(fr * len(bs)) * per, stores=[], codes=[], devices=[]))

    # ---- merge, location error, order ---------------------------------------------------
    Z = {k: np.concatenate([p[k] for p in parts]) for k in parts[0]}
    keep = (Z["t"] < horizon) & (Z["t"] >= 0) & ~((Z["box"] >= 0) & dark[np.maximum(Z["box"], 0)])
    Z = {k: v[keep] for k, v in Z.items()}
    o = np.argsort(Z["t"], kind="stable"); Z = {k: v[o] for k, v in Z.items()}
    n = len(Z["t"]); reg = Z["loc"].copy(); u = rng.uniform(0, 1, n)
    gps = Z["src"] == 0; ip = Z["src"] == 1
    ix = np.where(gps & (u < P["gps_border"]))[0]; reg[ix] = sample_rows(rng, C_near, reg[ix])
    ix = np.where(gps & (u >= P["gps_border"]) & (u < P["gps_border"] + P["gps_far"]))[0]; reg[ix] = rng.choice(R, len(ix), p=pop / pop.sum())
    ix = np.where(ip & (u < P["ip_wrong"]))[0]; v = rng.uniform(0, 1, len(ix)); nr = reg[ix].copy()
    pr = prov[nr]; capr = caps[pr]
    rnd_same = np.array([rng.choice(np.where(prov == p)[0]) for p in pr]) if len(pr) else nr
    other = caps[rng.choice(len(PROV), len(ix), p=np.array([x[3] for x in PROV]) / sum(x[3] for x in PROV))]
    a, b = P["ip_to_capital"], P["ip_to_capital"] + P["ip_in_prov"]
    reg[ix] = np.where(v < a, np.where(capr == nr, rnd_same, capr), np.where(v < b, rnd_same, other))
    acc = np.where(ip, 30000, np.where(gps, rng.gamma(2, 40, n), 20)).astype(int)
    moved = reg != Z["loc"]; a_, b_ = spread_off(reg); dx = np.where(moved, a_, Z["ox"]); dy = np.where(moved, b_, Z["oy"])
    e = acc / 1000.0 * 0.6; dx = np.where(ip, 0, dx + e * rng.normal(0, 1, n)); dy = np.where(ip, 0, dy + e * rng.normal(0, 1, n))
    lat = M["lat"][reg] + dy / 111; lon = M["lon"][reg] + dx / (111 * np.cos(M["lat"][reg] * np.pi / 180))

    # ---- write ---------------------------------------------------------------------------
    os.makedirs(out, exist_ok=True)
    def W(name, head, rows):
        with open(os.path.join(out, name), "w", newline="") as f:
            w = csv.writer(f); w.writerow(head); w.writerows(rows)
    W("regions.csv", ["region_code", "province_code", "lat", "lon", "population", "radius_km", "is_capital"],
      [(int(M["code"][r]), int(M["code"][r]) // 10000 * 10000, f"{M['lat'][r]:.4f}", f"{M['lon'][r]:.4f}", int(pop[r]), f"{M['rad'][r]:.1f}", int(M["cap"][r])) for r in range(R)])
    def auth(dl): return str(int(M["code"][dl["h"]]) // 10000 * 10000) if dl["whole"] else ";".join(str(int(M["code"][r])) for r in sorted(dl["A"]))
    W("dealers.csv", ["dealer_id", "authorised_regions"], [(dl["id"], auth(dl)) for dl in dealers])
    W("stores.csv", ["store_id", "registered_region"], [(f"S{s:05d}", int(M["code"][st_registered[s]])) for s in range(nS)])
    W("skus.csv", ["sku", "list_price_cents", "floor_price_cents"], [(f"K{k}", int(lst[k]), int(floor[k])) for k in range(4)])
    au = [auth(dl) for dl in dealers]
    W("dispatches.csv", ["box_id", "lot_id", "dealer_id", "sku", "n_items", "dispatch_time", "authorised_regions"],
      ((f"B{b:07d}", f"L{b_lot[b]:06d}", dealers[b_d[b]]["id"], f"K{lot_sku[b_lot[b]]}", per, T0 + int(lot_t[b_lot[b]] * DAY), au[b_d[b]]) for b in range(nB)))
    SRC = ["consumer_gps", "consumer_ip", "terminal", "inspector"]
    code = M["code"]
    def rows():
        for i in range(n):
            b = Z["box"][i]; ok = Z["valid"][i] and b >= 0
            yield (i + 1, T0 + int(Z["t"][i] * DAY), f"B{b:07d}-{Z['item'][i]:02d}" if ok else f"X{Z['item'][i]:09d}", f"B{b:07d}" if ok else "",
                   SRC[Z["src"][i]], int(code[reg[i]]), f"{lat[i]:.4f}", f"{lon[i]:.4f}", int(acc[i]), f"V{Z['dev'][i]:x}" if Z["dev"][i] else "",
                   f"S{Z['store'][i]:05d}" if Z["store"][i] >= 0 else "", int(Z["price"][i]) if Z["price"][i] > 0 else "")
    W("scans.csv", ["scan_id", "time", "code", "box_id", "source", "region_code", "lat", "lon", "accuracy_m", "device_id", "store_id", "price_cents"], rows())
    W("truth.csv", ["event_id", "kind", "type", "dealer_ids", "region_codes", "start_time", "end_time", "n_items", "n_boxes", "lot_ids", "store_ids", "codes", "device_ids"],
      [(f"E{e:03d}", x["kind"], x["type"], ";".join(x["dealers"]), ";".join(map(str, x["regions"])), T0 + int(x["start"] * DAY), T0 + int(x["end"] * DAY), x["n_items"],
        len(x["boxes"]), ";".join(f"L{l:06d}" for l in x["lots"]), ";".join(x["stores"]), ";".join(f"B{b:07d}-{i:02d}" for b, i in x["codes"]),
        ";".join(f"V{v:x}" for v in x["devices"])) for e, x in enumerate(truth)])
    W("truth_boxes.csv", ["event_id", "box_id"], ((f"E{b_event[b]:03d}", f"B{b:07d}") for b in np.where(b_event >= 0)[0]))
    # hidden cause of every scan, for error analysis only (a detector must not read it)
    authm = np.zeros((nd, R), bool)
    for d, dl in enumerate(dealers): authm[d, dl["A"]] = True
    # where boxes that do not stand in their territory really are, and why: for the bound of oracle.py only
    at = np.where(b_true_loc >= 0, b_true_loc, b_sell); why = np.where(b_event >= 0, 0, np.where(b_noise > 0, b_noise, 3))
    W("truth_places.csv", ["box_id", "region_code", "why"],
      ((f"B{b:07d}", int(M["code"][at[b]]), ("diverted", "boxcarry", "groupbuy", "transfer")[why[b]]) for b in np.where(~authm[b_d, at])[0]))
    B = np.maximum(Z["box"], 0); dd = b_d[B]; ok = Z["box"] >= 0
    cause = np.where(Z["fake"], 1, np.where(b_event[B] >= 0, 2, np.where(b_noise[B] == 1, 3, np.where(b_noise[B] == 2, 4,
            np.where((Z["src"] >= 2) & ~authm[dd, b_sell[B]], 5, np.where((Z["src"] == 2) & ~authm[dd, reg], 6,
            np.where((Z["src"] < 2) & ~authm[dd, reg] & authm[dd, Z["loc"]], 7, np.where((Z["src"] < 2) & ~authm[dd, reg], 8, 0))))))))
    names = np.array(["home", "clone_or_guess", "diverted", "boxcarry", "groupbuy", "store_transfer", "store_misregistered", "location_error", "mobility"])
    W("scan_cause.csv", ["scan_id", "cause"], ((i + 1, names[cause[i]] if ok[i] else "invalid") for i in range(n)))
    outreg = sum(1 for i in range(n) if Z["box"][i] >= 0 and Z["src"][i] < 2 and reg[i] not in Aset[b_d[Z["box"][i]]])
    cons = int(((Z["src"] < 2) & (Z["box"] >= 0)).sum())
    print(f"seed {seed}: {nd} dealers, {R} prefectures, {nL} lots, {nB} boxes, {n} scans "
          f"(gps {int(gps.sum())}, ip {int(ip.sum())}, terminal {int((Z['src']==2).sum())}, inspector {int((Z['src']==3).sum())}), "
          f"out-of-region consumer share {outreg/cons:.3f}, diverted boxes {int((b_event>=0).sum())}")


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--seed", type=int, default=1); ap.add_argument("--out", required=True)
    ap.add_argument("--dealers", type=int, default=200); ap.add_argument("--weeks", type=int, default=26)
    ap.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override an entry of PARAMS, e.g. events_per_type=0")
    a = ap.parse_args()
    for kv in a.set: k, v = kv.split("=", 1); PARAMS[k] = ast.literal_eval(v)
    simulate(a.seed, a.out, a.dealers, a.weeks)
