// Maps without tiles: the shapes come from our own regions, so that nothing is asked of anybody else.
"use strict";
window.yimaMap = {
  cache: new Map(),
  async shapes(codes, metres) {
    const query = new URLSearchParams({ metres });
    if (codes.length) query.set("codes", codes.join(","));
    const key = query.toString();
    if (!this.cache.has(key)) this.cache.set(key, yima.call("GET", "/v1/regions/outlines?" + key));
    return this.cache.get(key);
  },
  make(element) {
    const map = L.map(element, { attributionControl: false, zoomSnap: 0.25, preferCanvas: true, keyboard: true });
    map.setView([35, 104], 4);
    return map;
  },
  safe(text) { const span = document.createElement("span"); span.textContent = text; return span; },
};
(async () => {
  const element = document.getElementById("map");
  if (!element || !window.L) return;
  const data = JSON.parse(element.dataset.map);
  const map = yimaMap.make(element);
  const name = document.documentElement.lang === "en" ? "en" : "zh";
  const country = await yimaMap.shapes([], 5000);
  L.geoJSON(country, { style: { color: "#aab4bf", weight: 1, fillColor: "#fff", fillOpacity: 1 }, interactive: false }).addTo(map);
  const bounds = L.latLngBounds([]);
  const centres = {};
  // Counties may have no centre of their own; then that of the prefecture must do.
  const wider = (code) => code && code.slice(0, 4) + "00";
  const codes = [...new Set([...data.territories, ...data.scans.flatMap((scan) => [scan.region, wider(scan.region)]), data.region].filter(Boolean))];
  const shapes = codes.length ? await yimaMap.shapes(codes, 1500) : { features: [] };
  for (const feature of shapes.features) centres[feature.properties.region] = feature.properties.center;
  for (const feature of shapes.features.filter((feature) => data.territories.includes(feature.properties.region))) {
    const layer = L.geoJSON(feature, { style: { color: "#0b57a4", weight: 2, fillColor: "#6fb1f3", fillOpacity: 0.45 } }).addTo(map);
    layer.bindTooltip(() => yimaMap.safe(`${element.dataset.territory}: ${feature.properties[name]}`));
    if (layer.getBounds().isValid()) bounds.extend(layer.getBounds());
  }
  const home = data.territories.map((code) => centres[code]).find(Boolean);
  const seen = new Map();
  const track = [];
  for (const scan of data.scans) {
    const place = scan.latitude !== undefined ? [scan.latitude, scan.longitude] : centres[scan.region] ?? centres[wider(scan.region)];
    if (!place) continue;
    bounds.extend(place);
    track.push(place);
    const colour = scan.outside ? "#a61b1b" : scan.bound ? "#0a6b3d" : "#5b6775";
    if (scan.accuracy) L.circle(place, { radius: scan.accuracy, color: colour, weight: 1, fillOpacity: 0.15 }).addTo(map);
    L.circleMarker(place, { radius: 6, color: colour, weight: 2, fillOpacity: 0.8, dashArray: scan.accuracy ? null : "2 2" })
      .bindTooltip(() => yimaMap.safe(scan.label)).addTo(map);
    if (scan.outside) { const key = place.map((degrees) => degrees.toFixed(1)).join(); seen.set(key, place); }
  }
  if (data.kind === "clone") {
    // One code in two places: from scan to scan.
    for (const [number, place] of track.entries()) {
      const before = track[number - 1];
      if (!before || String(before) === String(place)) continue;
      L.polyline([before, place], { color: "#a61b1b", weight: 3, dashArray: "8 6" }).addTo(map);
      yimaMap.arrow(map, before, place, "#a61b1b");
    }
  } else if (home) {
    const places = [...seen.values()];
    const middle = places.length ? [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length) : null;
    if (middle) {
      L.polyline([home, middle], { color: "#a61b1b", weight: 3, dashArray: "8 6" }).addTo(map);
      yimaMap.arrow(map, home, middle, "#a61b1b");
    }
  }
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 8 });
})();
/** A head for a line from a place to another. */
yimaMap.arrow = (map, from, to, colour) => {
  const angle = Math.atan2(to[0] - from[0], to[1] - from[1]);
  const size = Math.min(1, Math.hypot(to[0] - from[0], to[1] - from[1]) / 8);
  const wing = (turn) => [to[0] - size * Math.sin(angle + turn), to[1] - size * Math.cos(angle + turn)];
  L.polygon([to, wing(0.45), wing(-0.45)], { color: colour, weight: 1, fillOpacity: 1 }).addTo(map);
};
