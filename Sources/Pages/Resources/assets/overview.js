// The overview's map of flows and its chart.
"use strict";
(async () => {
  const canvas = document.getElementById("weeks");
  if (canvas && window.Chart) {
    const data = JSON.parse(canvas.dataset.chart);
    new Chart(canvas, {
      data: {
        labels: data.weeks.map((week) => week.label),
        datasets: [
          { type: "bar", order: 2, label: data.scans, data: data.weeks.map((week) => week.scans), backgroundColor: "#9db8d3", yAxisID: "y" },
          { type: "line", order: 1, label: data.outside, data: data.weeks.map((week) => week.outside), borderColor: "#a61b1b", backgroundColor: "#a61b1b", yAxisID: "y1" },
        ],
      },
      options: {
        animation: false, maintainAspectRatio: false,
        scales: {
          y: { beginAtZero: true, title: { display: true, text: data.scans } },
          y1: { position: "right", beginAtZero: true, grid: { drawOnChartArea: false }, title: { display: true, text: data.outside } },
        },
      },
    });
  }
  const element = document.getElementById("flow-map");
  if (!element || !window.L) return;
  const data = JSON.parse(element.dataset.flows);
  const map = yimaMap.make(element);
  const name = document.documentElement.lang === "en" ? "en" : "zh";
  const centres = {};
  let below = null;

  /** Regions in the colour of their share outside, each with its counts; what a click does is the caller's. */
  const area = (shapes, regions, click) => {
    const counts = Object.fromEntries(regions.map((region) => [region.region, region]));
    // White below all of them: a region without scans is land too.
    const land = L.geoJSON(shapes, { style: { stroke: false, fillColor: "#fff", fillOpacity: 1 }, interactive: false });
    const coloured = L.geoJSON(shapes, {
      style: (feature) => {
        const count = counts[feature.properties.region];
        const share = count && count.scans ? count.outside / count.scans : 0;
        return { color: "#8794a2", weight: 1, fillColor: count ? "#a61b1b" : "#fff", fillOpacity: 0.06 + 0.74 * share };
      },
      onEachFeature: (feature, layer) => {
        const { region, center } = feature.properties;
        centres[region] = center;
        const count = counts[region];
        layer.bindTooltip(() => yimaMap.safe(`${feature.properties[name]}: ${count ? `${count.outside} / ${count.scans}` : 0}`));
        layer.on("click", () => click(region, layer));
      },
    });
    return L.featureGroup([land, coloured]);
  };

  /** Goods on their way, as lines; the strongest show where to, heads on all would hide the map. */
  const lines = (flows, group) => {
    const most = Math.max(1, ...flows.map((flow) => flow.scans));
    for (const flow of flows) {
      const [from, to] = [centres[flow.from], centres[flow.to]];
      if (!from || !to || flow.from === flow.to) continue;
      L.polyline([from, to], { color: "#0b57a4", weight: 1 + 6 * flow.scans / most, opacity: 0.6 }).bindTooltip(() => yimaMap.safe(String(flow.scans))).addTo(group);
      if (flow.scans >= most / 4) yimaMap.arrow(group, from, to, "#0b57a4");
    }
  };

  const country = L.layerGroup();
  /** A province by its prefectures, and what flows into each; the country's own lines make room. */
  const open = async (province, layer) => {
    const span = new URLSearchParams({ from: element.dataset.from, to: element.dataset.to, within: province });
    const [parts, found] = await Promise.all([yima.call("GET", "/v1/regions?parent=" + province), yima.call("GET", "/v1/overview?" + span)]);
    const codes = parts.items.map((item) => item.region);
    if (!codes.length) return;
    const shapes = await yimaMap.shapes(codes, 2000);
    if (below) below.remove();
    country.remove();
    below = L.layerGroup().addTo(map);
    area(shapes, found.regions, (region) => {
      location.href = "/console/scans?" + new URLSearchParams({ from: element.dataset.from, to: element.dataset.to, territory: "outside", region });
    }).addTo(below);
    lines(found.flows, below);
    element.dataset.province = province;
    map.fitBounds(layer.getBounds());
  };
  const provinces = area(await yimaMap.shapes([], 5000), data.regions, open).addTo(map);
  lines(data.flows, country);
  country.addTo(map);
  // With the islands in the south, as far as there are shapes of them.
  map.fitBounds(L.latLngBounds([[18, 74], [53, 134]]).extend(provinces.getBounds()));
})();
