// Sends steps in their order, each until the server has answered it. A step keeps its id, so that the server takes it
// once however often it arrives; one that the server refuses is kept and shown.
"use strict";

import { steps } from "./station-store.js";

/** A step sent later than this after it was taken carries the time at which it was taken, milliseconds. */
const LATE = 30_000;
const WAITS = [1000, 2000, 5000, 10_000, 20_000, 30_000];

export class Sender {
  /** `changed` is called after every change; `user` is who is signed in. */
  constructor(user, changed) {
    this.user = user;
    this.changed = changed;
    this.failures = 0;
    this.isCut = !navigator.onLine;
    this.mustSignIn = false;
    this.running = null;
    // How far the server's clock is ahead of ours, milliseconds.
    this.skew = 0;
    addEventListener("online", () => this.go());
    addEventListener("offline", () => { this.isCut = true; this.changed(); });
  }

  /** Takes a step: it is on the disk before this returns. */
  async take(task, path, body, about) {
    const now = Date.now();
    const step = {
      id: crypto.randomUUID(), order: now + Math.random(), user: this.user, task, path, body, about, taken: now,
      state: "waiting", attempts: 0,
    };
    await steps.put(step);
    this.go();
    return step;
  }

  /** Sends what waits; one tab at a time. */
  go() {
    clearTimeout(this.timer);
    this.again = true;
    this.running ??= this.#run().finally(() => { this.running = null; });
    return this.running;
  }

  async #run() {
    const work = async () => {
      while (this.again) {
        this.again = false;
        for (const step of await steps.all()) {
          if (step.state !== "waiting" || step.user !== this.user) continue;
          if (!(await this.#send(step))) return;
        }
      }
    };
    await (navigator.locks ? navigator.locks.request("yima-station", work) : work());
    this.changed();
  }

  /** Whether to go on with the next one. */
  async #send(step) {
    step.attempts += 1;
    await steps.put(step);
    let answer, json;
    try {
      const late = Date.now() - step.taken > LATE;
      const body = { ...step.body, clientStepId: step.id };
      const at = new Date(step.taken + this.skew).toISOString();
      if (late && !step.isNow) body[step.path === "/v1/dispatches" ? "dispatchedAt" : "at"] = at;
      answer = await fetch(step.path, {
        method: "POST", credentials: "same-origin", body: JSON.stringify(body), signal: AbortSignal.timeout(15_000),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": window.yima.proof() },
      });
      json = await answer.json();
    } catch {
      return this.#waitMore(true);
    }
    this.learnTime(answer);
    this.isCut = false;
    const slug = (json?.type ?? "").split("/").pop();
    if (answer.status === 401 || slug === "unproven") {
      this.mustSignIn = true;
      this.changed();
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) return this.#waitMore(false);
    this.failures = 0;
    this.mustSignIn = false;
    step.state = answer.ok ? "done" : "refused";
    step.answer = json;
    step.ended = Date.now();
    await steps.put(step);
    this.changed(step);
    return true;
  }

  #waitMore(isCut) {
    this.isCut = isCut;
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.go(), wait);
    this.changed();
    return false;
  }

  /** Learns the server's time from an answer's Date, which is cut to the second. */
  learnTime(answer) {
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) this.skew = date + 500 - Date.now();
  }
}
