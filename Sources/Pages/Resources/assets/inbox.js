// The inbox: keys, how many are chosen, and word of new alerts as they come.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;
  const go = (to) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("at");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("at");
    rows[at].querySelector("[data-open]").focus();
  };
  rows.forEach((row, place) => row.addEventListener("focusin", () => { rows[at]?.classList.remove("at"); at = place; row.classList.add("at"); }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? 0 : at - 1);
    else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]:not(:disabled)")?.click();
    else return;
    event.preventDefault();
  });
  const count = document.getElementById("chosen-count");
  const show = () => {
    if (!count) return;
    const chosen = document.querySelectorAll("input[name=alert]:checked").length;
    count.textContent = `(${chosen})`;
    // It stays in sight while there is something to be done with it.
    const bulk = count.closest(".bulk");
    bulk.classList.toggle("any", chosen > 0);
    document.getElementById("chosen-none").hidden = chosen > 0;
    for (const button of bulk.querySelectorAll("button")) button.disabled = chosen === 0;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "alert") show(); });
  show();

  const live = document.getElementById("live");
  if (live && window.EventSource) {
    let fresh = 0;
    const link = live.querySelector("a");
    link.href = location.href;
    new EventSource("/v1/alerts/stream").addEventListener("alert", () => {
      fresh += 1;
      link.textContent = live.dataset.text.replace("{n}", fresh);
      live.hidden = false;
    });
  }
})();
