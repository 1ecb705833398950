// The warehouse station: one action at a time, for a scanner that types and for a phone's camera. Every scan is on the
// disk before it is shown as taken, and every step until the server has answered it.
"use strict";

import { canRead, watch } from "./station-camera.js";
import { readCode } from "./station-codes.js";
import { showSteps, tail } from "./station-list.js";
import { Sender } from "./station-sender.js";
import { play } from "./station-sound.js";
import { kept, steps } from "./station-store.js";
import { TASKS, lookUp, sentence } from "./station-tasks.js";

const $ = (id) => document.getElementById(id);
const station = $("station");
const user = station.dataset.user;
const mine = station.dataset.dealer || null;
const gtins = new Set((station.dataset.gtins ?? "").split(" ").filter(Boolean));
const DONE_MAX = 40;

/** A text of the page; `{name}` stands for an argument. */
function words(key, values = {}) {
  const text = document.querySelector(`[data-word="${key}"]`)?.textContent ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// The work at hand: {task, fields, parent, codes, target}; null while a task is chosen or set up.
let order = null;
let stopCamera = null;
const sender = new Sender(user, (ended) => { report(ended); show(); });

const orderKey = () => `order:${user}`;
const keepOrder = () => kept.set(orderKey(), order);

// What was read waits for what was read before: a fast scanner loses nothing.
let line = Promise.resolve();
function read(text) { line = line.then(() => scan(text)).catch((error) => tell("bad", words("failed"), String(error))); }

async function scan(text) {
  if (!text.trim() || !order) return;
  const task = TASKS[order.task];
  const code = readCode(text);
  if (!code) return tell("bad", words("noCode"), text.slice(0, 60));
  code.isParent = !!task.hasParent && !order.parent;
  if (code.isParent && code.kind !== "box") return tell("bad", words("needBox"), code.short);
  if (order.parent?.key === code.key) return tell("bad", words("sameBox"), code.short);
  if (order.codes.some((other) => other.key === code.key)) return tell("bad", words("twice"), code.short);
  if (code.gtin && gtins.size && !gtins.has(code.gtin)) return tell("bad", words("foreign"), code.short);
  if (!code.isParent && order.target && order.codes.length >= order.target) {
    return tell("bad", words("full"), code.short);
  }
  const waiting = (await steps.all()).some((step) => step.state === "waiting" && step.task === order.task
    && [step.body.children, step.body.units].flat().some((other) => other && readCode(other)?.key === code.key));
  if (waiting) return tell("bad", words("twice"), code.short);
  const { life, problem } = await lookUp(code.text, sender);
  if (problem) return tell("bad", problem.status === 403 ? words("notWithYou") : sentence(problem), code.short);
  const refused = life && task.refuse(life, { ...order, mine }, code);
  if (refused) return tell("bad", words(refused, { box: tail(life.box) }), code.short);
  await accept(code, life);
}

async function accept(code, life) {
  if (code.isParent) {
    order.parent = code;
    order.parentUri = life?.code ?? null;
    order.target ||= life?.batch?.perBox ?? null;
  } else {
    order.codes.push({ ...code, isChecked: !!life });
  }
  await keepOrder();
  tell(life ? "good" : "unsure", words(life ? "taken" : "takenUnchecked"), code.short);
  if (order.target && order.codes.length >= order.target && TASKS[order.task].hasParent) await finish();
  show();
}

/** Hands the work at hand to the queue; the next one begins at once. */
async function finish() {
  if (!order || !order.codes.length) return;
  const done = order;
  const [path, body] = TASKS[done.task].request({ ...done, mine });
  const about = [done.fields.number, done.fields.to ?? done.fields.dealer, done.parent?.short,
    words("units", { count: done.codes.length })].filter(Boolean).join(" · ");
  await sender.take(done.task, path, body, about);
  // One dispatch has one number; boxes and the rest go on as they are set up.
  order = done.task === "dispatch" ? null : { ...done, parent: null, parentUri: null, codes: [] };
  if (order && TASKS[order.task].hasParent) order.target = Number(order.fields.target) || null;
  await keepOrder();
  tell("done", words("finished"), about);
  if (!order) choose(done.task);
  show();
}

async function undo() {
  if (!order) return;
  const last = order.codes.pop() ?? order.parent;
  if (last && last === order.parent) order.parent = null;
  await keepOrder();
  if (last) tell("unsure", words("takenBack"), last.short);
  show();
}

const acts = {
  canUndo: (step) => step.user === user && ((step.state === "waiting" && step.attempts === 0)
    || (step.state === "done" && !!TASKS[step.task]?.undo && !step.isUndone)),
  async undo(step) {
    if (step.state === "waiting") return acts.resume(step);
    const [path, body] = TASKS[step.task].undo(step, words);
    await steps.put({ ...step, isUndone: true });
    await sender.take("undo", path, body, step.about);
  },
  /** The codes of a step that was not taken are the work at hand again, without those that were refused. */
  async resume(step) {
    if (order?.codes.length && !confirm(words("replaceWork"))) return;
    const refused = new Set((step.answer?.refusals ?? []).map((one) => readCode(one.code ?? "")?.key));
    const body = step.body;
    const codes = (body.children ?? body.units ?? []).map(readCode).filter((code) => code && !refused.has(code.key));
    order = {
      task: step.task, codes, parent: body.parent ? readCode(body.parent) : null, target: null,
      fields: {
        number: body.number ?? "", dealer: body.dealer ?? "", to: body.to ?? "", reason: body.reason ?? "", target: "",
        territories: (body.territories ?? []).join(" "),
      },
    };
    await keepOrder();
    await steps.remove(step.id);
    show();
  },
  async retry(step) {
    await steps.put({ ...step, state: "waiting", isNow: true, answer: null });
    sender.go();
  },
  async discard(step) {
    if (!confirm(words("discardSure"))) return;
    await steps.remove(step.id);
    show();
  },
};

/** What became of a step that the server answered. */
function report(step) {
  if (step?.state === "refused") tell("bad", words("refusedStep", { what: step.about }), sentence(step.answer));
}

function tell(sign, headline, detail) {
  play(sign);
  const verdict = $("verdict");
  verdict.className = `verdict ${sign}`;
  $("headline").textContent = headline;
  $("detail").textContent = detail ?? "";
  // The same words twice are read out twice.
  verdict.animate?.([{ opacity: 0.3 }, { opacity: 1 }], 180);
}

/** Opens the form of a task. */
function choose(task) {
  for (const form of document.querySelectorAll("[data-setup]")) form.hidden = form.dataset.setup !== task;
  for (const button of document.querySelectorAll("[data-task]")) {
    button.setAttribute("aria-pressed", String(button.dataset.task === task));
  }
  $("choose-task").hidden = true;
  document.querySelector(`[data-setup="${task}"] :is(input,select)`)?.focus();
}

async function show() {
  const all = await steps.all();
  const waiting = all.filter((step) => step.state === "waiting").length;
  for (const old of all.filter((step) => step.state === "done").slice(0, -DONE_MAX)) await steps.remove(old.id);
  const refused = all.filter((step) => step.state === "refused").length;
  const network = $("network");
  network.className = sender.mustSignIn || refused ? "network bad" : sender.isCut || waiting ? "network unsure" : "network good";
  network.textContent = sender.mustSignIn ? words("signInAgain")
    : [words(sender.isCut ? "networkCut" : "networkThere"), waiting ? words("waiting", { count: waiting }) : "",
      refused ? words("refusedCount", { count: refused }) : ""].filter(Boolean).join(" · ");
  $("sign-in").hidden = !sender.mustSignIn;
  $("work").hidden = !order;
  $("set-up").hidden = !!order;
  for (const button of document.querySelectorAll("[data-task]")) {
    button.setAttribute("aria-pressed", String(order?.task === button.dataset.task));
  }
  if (order) showOrder();
  showSteps($("step-list"), all, user, words, acts);
  $("no-steps").hidden = all.length > 0;
}

function showOrder() {
  const needsBox = TASKS[order.task].hasParent && !order.parent;
  const fields = order.fields;
  $("order").textContent = [words("task_" + order.task), fields.number, fields.dealer || fields.to, fields.reason,
    order.parent ? words("intoBox", { box: order.parent.short }) : ""].filter(Boolean).join(" · ");
  $("prompt").textContent = needsBox ? words("scanBox") : words("scan_" + order.task);
  $("count").textContent = order.target ? `${order.codes.length} / ${order.target}` : String(order.codes.length);
  const isFull = !!order.target && order.codes.length >= order.target;
  $("work").classList.toggle("full", isFull);
  $("undo").disabled = !order.codes.length && !order.parent;
  $("finish").disabled = !order.codes.length;
  $("scanned").replaceChildren(...order.codes.slice(-8).reverse().map((code) => {
    const item = document.createElement("li");
    item.textContent = code.short;
    if (!code.isChecked) item.append(" ", Object.assign(document.createElement("small"), { textContent: words("unchecked") }));
    return item;
  }));
}

function start() {
  for (const button of document.querySelectorAll("[data-task]")) {
    button.addEventListener("click", async () => {
      if (order?.codes.length && !confirm(words("replaceWork"))) return;
      order = null;
      await keepOrder();
      choose(button.dataset.task);
      show();
    });
  }
  for (const form of document.querySelectorAll("[data-setup]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      order = { task: form.dataset.setup, fields, parent: null, codes: [], target: Number(fields.target) || null };
      await keepOrder();
      $("verdict").className = "verdict";
      $("headline").textContent = $("detail").textContent = "";
      show();
      $("scan").focus();
    });
  }
  // A dealer's own territory is what goods for it are mostly for.
  const dealer = document.querySelector("[data-territories-of]");
  dealer?.addEventListener("change", () => {
    $("territories").value = dealer.selectedOptions[0]?.dataset.territories ?? "";
  });
  $("scan-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("scan").value;
    $("scan").value = "";
    read(text);
  });
  // A scanner types wherever the focus is.
  addEventListener("keydown", (event) => {
    const isTyped = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isElsewhere = !(event.target.closest?.("input,select,textarea"));
    if (order && isTyped && isElsewhere && event.key !== " ") $("scan").focus();
  });
  $("undo").addEventListener("click", () => { line = line.then(undo); $("scan").focus(); });
  $("finish").addEventListener("click", () => { line = line.then(finish); $("scan").focus(); });
  $("leave").addEventListener("click", async () => {
    if (order?.codes.length && !confirm(words("replaceWork"))) return;
    const task = order?.task;
    order = null;
    await keepOrder();
    await show();
    if (task) choose(task);
  });
  $("camera").hidden = !canRead;
  $("no-camera").hidden = canRead;
  $("camera").addEventListener("click", async () => {
    if (stopCamera) { stopCamera(); stopCamera = null; $("video").hidden = true; return; }
    try {
      $("video").hidden = false;
      stopCamera = await watch($("video"), read);
    } catch {
      $("video").hidden = true;
      tell("bad", words("noCamera"), "");
    }
  });
}

/** Keeps the page, so that it can be loaded again while the network is cut. */
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(station.dataset.worker, { scope: "/station" });
  await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
  const cache = await caches.open("yima-station-1");
  await cache.addAll(["/station", ...new Set(parts.filter((path) => path.startsWith("/assets/")))]);
  station.dataset.kept = "true";
}

start();
order = (await kept.get(orderKey())) ?? null;
await show();
if (order) $("scan").focus();
sender.go();
keepPage().catch(() => { /* the station works without, but cannot be loaded again while cut off */ });
