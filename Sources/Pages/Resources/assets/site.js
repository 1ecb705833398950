// What all pages share. Without it every page still works.
"use strict";

/** Calls the API as whoever is signed in; throws the problem when it refuses. */
window.yima = {
  proof: () => document.querySelector("meta[name=csrf-token]")?.content ?? "",
  async call(method, path, body, type = "application/json") {
    const options = { method, headers: { "X-CSRF-Token": yima.proof(), Accept: "application/json" }, credentials: "same-origin" };
    if (body !== undefined) {
      options.headers["Content-Type"] = type;
      options.body = type === "application/json" ? JSON.stringify(body) : body;
    }
    const answer = await fetch(path, options);
    const json = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
    if (!answer.ok) throw Object.assign(new Error(json?.title ?? answer.statusText), { problem: json, status: answer.status });
    return json;
  },
  /** What a file is before it is sent, as the query of its upload; browsers give no hash over plain HTTP. */
  async hash(file) {
    if (!crypto.subtle) return {};
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return { sha256: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("") };
  },
};

// The menu stands open where there is room for it.
const menu = document.querySelector("[data-menu]");
if (menu) {
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { menu.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
}
