// Lets the station be loaded again while the network is cut. Only its page and the files of pages are kept.
"use strict";

const CACHE = "yima-station-1";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/assets/")) event.respondWith(file(event.request));
  else if (address.pathname === "/station" && event.request.mode === "navigate") event.respondWith(page(event.request));
});

async function file(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    // Whoever is not signed in is led elsewhere, and nothing of the one before is kept for them.
    if (answer.ok && !answer.redirected) cache.put("/station", answer.clone());
    else cache.delete("/station");
    return answer;
  } catch (error) {
    const known = await cache.match("/station");
    if (known) return known;
    throw error;
  }
}
