// Territories picked on a map. The text field stays the truth: the map only writes codes into it.
"use strict";
for (const field of document.querySelectorAll("[data-region-field]")) {
  const text = field.querySelector("textarea");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary btn-sm";
  button.textContent = document.documentElement.lang === "en" ? "Pick on the map" : "在地图上选择";
  const tools = document.createElement("div");
  tools.className = "region-tools";
  tools.append(button);
  field.append(tools);
  const codes = () => new Set(text.value.split(/[\s,;，；、]+/).filter(Boolean));
  button.addEventListener("click", async () => {
    button.remove();
    const name = document.documentElement.lang === "en" ? "en" : "zh";
    const select = document.createElement("select");
    select.className = "form-select form-select-sm";
    select.setAttribute("aria-label", button.textContent);
    const provinces = (await yima.call("GET", "/v1/regions")).items;
    select.append(new Option(name === "en" ? "provinces" : "各省", ""));
    for (const province of provinces) select.append(new Option(province.name[name], province.region));
    tools.append(select);
    const element = document.createElement("div");
    element.className = "map region-map";
    field.append(element);
    const map = L.map(element, { attributionControl: false, preferCanvas: true });
    let layer;
    const draw = async () => {
      const below = select.value ? (await yima.call("GET", "/v1/regions?parent=" + select.value)).items.map((item) => item.region) : [];
      const query = new URLSearchParams({ metres: select.value ? 1500 : 5000 });
      if (below.length) query.set("codes", below.join(","));
      const shapes = await yima.call("GET", "/v1/regions/outlines?" + query);
      layer?.remove();
      const style = (feature) => ({ color: "#53606e", weight: 1, fillColor: "#0b57a4", fillOpacity: codes().has(feature.properties.region) ? 0.55 : 0.03 });
      layer = L.geoJSON(shapes, {
        style,
        onEachFeature: (feature, shape) => {
          const tip = document.createElement("span");
          tip.textContent = `${feature.properties[name]} ${feature.properties.region}`;
          shape.bindTooltip(tip);
          shape.on("click", () => {
            const chosen = codes();
            const code = feature.properties.region;
            if (!chosen.delete(code)) chosen.add(code);
            text.value = [...chosen].join(",");
            shape.setStyle(style(feature));
          });
        },
      }).addTo(map);
      map.fitBounds(layer.getBounds());
    };
    select.addEventListener("change", draw);
    text.addEventListener("change", draw);
    await draw();
  });
}
