// The overview's map of flows and its chart.
"use strict";
(async () => {
  const canvas = document.getElementById("weeks");
  if (canvas && window.Chart) {
    const data = JSON.parse(canvas.dataset.chart);
    new Chart(canvas, {
      data: {
        labels: data.weeks.map((week) => week.week),
        datasets: [
          { type: "bar", label: data.scans, data: data.weeks.map((week) => week.scans), backgroundColor: "#9db8d3", yAxisID: "y" },
          { type: "line", label: data.outside, data: data.weeks.map((week) => week.outside), borderColor: "#a61b1b", backgroundColor: "#a61b1b", yAxisID: "y1" },
        ],
      },
      options: { animation: false, maintainAspectRatio: false, scales: { y1: { position: "right", beginAtZero: true, grid: { drawOnChartArea: false } } } },
    });
  }
  const element = document.getElementById("flow-map");
  if (!element || !window.L) return;
  const data = JSON.parse(element.dataset.flows);
  const map = yimaMap.make(element);
  const name = document.documentElement.lang === "en" ? "en" : "zh";
  const shares = Object.fromEntries(data.regions.map((region) => [region.region, region]));
  const shapes = await yimaMap.shapes([], 5000);
  const centres = {};
  L.geoJSON(shapes, {
    style: (feature) => {
      const region = shares[feature.properties.region];
      const share = region && region.scans ? region.outside / region.scans : 0;
      return { color: "#8794a2", weight: 1, fillColor: "#a61b1b", fillOpacity: region ? 0.05 + 0.75 * share : 0 };
    },
    onEachFeature: (feature, layer) => {
      const { region, center } = feature.properties;
      centres[region] = center;
      const count = shares[region];
      layer.bindTooltip(() => yimaMap.safe(`${feature.properties[name]}: ${count ? `${count.outside} / ${count.scans}` : 0}`));
      layer.on("click", async () => {
        const below = await yima.call("GET", "/v1/regions?parent=" + region);
        const codes = below.items.map((item) => item.region);
        if (!codes.length) return;
        L.geoJSON(await yimaMap.shapes(codes, 2000), {
          style: { color: "#53606e", weight: 1, fillOpacity: 0.02 },
          onEachFeature: (part, shape) => {
            shape.bindTooltip(() => yimaMap.safe(part.properties[name]));
            shape.on("click", () => { location.href = "/console/scans?territory=outside&region=" + part.properties.region; });
          },
        }).addTo(map);
        map.fitBounds(layer.getBounds());
      });
    },
  }).addTo(map);
  const most = Math.max(1, ...data.flows.map((flow) => flow.scans));
  for (const flow of data.flows) {
    const [from, to] = [centres[flow.from], centres[flow.to]];
    if (!from || !to || flow.from === flow.to) continue;
    L.polyline([from, to], { color: "#0b57a4", weight: 1 + 6 * flow.scans / most, opacity: 0.6 }).bindTooltip(() => yimaMap.safe(String(flow.scans))).addTo(map);
    // The strongest show where to; heads on all would hide the map.
    if (flow.scans >= most / 4) yimaMap.arrow(map, from, to, "#0b57a4");
  }
  map.fitBounds([[18, 74], [53, 134]]);
})();
