// The station's tasks: what each asks the API, and what may not be scanned for it.
"use strict";

const OUT = ["dispatched", "received", "sold"];
const GONE = (life) => (life.state === "voided" ? "voided" : OUT.includes(life.state) ? "alreadyOut" : null);
const MINE = (life, order) => (life.bindings[0]?.dealer === order.mine ? null : "notWithYou");

/**
 * `hasParent`: the first code is the box that the others go into. `refuse` names why a code that the server knows
 * cannot be taken (a word of the page), `request` is the call, `undo` the call that takes it back.
 */
export const TASKS = {
  pack: {
    hasParent: true,
    refuse(life, order, code) {
      const gone = GONE(life);
      if (gone) return gone;
      if (code.isParent) return null;
      return life.box && life.box !== order.parentUri ? "inBox" : null;
    },
    request: (order) => ["/v1/packings", { parent: order.parent.text, children: texts(order) }],
    undo: (step) => ["/v1/unpackings", { parent: step.body.parent, children: step.body.children }],
  },
  dispatch: {
    refuse: (life) => GONE(life) ?? (life.state === "packed" && life.box ? "inBox" : null),
    request: (order) => ["/v1/dispatches", {
      number: order.fields.number, dealer: order.fields.dealer,
      territories: order.fields.territories.split(/[\s,，、]+/).filter(Boolean), units: texts(order),
    }],
    undo: (step, words) => ["/v1/returns", {
      units: step.body.units, dealer: step.body.dealer, reason: words("undoReason", { number: step.body.number }),
    }],
  },
  return: {
    refuse: (life, order) => (life.state === "voided" ? "voided"
      : !OUT.includes(life.state) ? "notOut" : order.mine ? MINE(life, order) : null),
    request: (order) => ["/v1/returns", {
      units: texts(order), reason: order.fields.reason, ...(order.mine ? { dealer: order.mine } : {}),
    }],
  },
  receive: {
    refuse: (life, order) => MINE(life, order) ?? (life.state === "dispatched" ? null : "receivedBefore"),
    request: (order) => ["/v1/receipts", { units: texts(order), dealer: order.mine }],
  },
  transfer: {
    refuse: (life, order) => MINE(life, order) ?? (life.state === "sold" ? "soldBefore" : null),
    request: (order) => ["/v1/transfers", { units: texts(order), from: order.mine, to: order.fields.to }],
  },
  sell: {
    refuse: (life, order) => MINE(life, order) ?? (life.state === "sold" ? "soldBefore" : null),
    request: (order) => ["/v1/sales", { units: texts(order), dealer: order.mine }],
  },
};

function texts(order) { return order.codes.map((code) => code.text); }

/** Asks the server what a code is: {life}, {problem}, or {} when the network is cut. */
export async function lookUp(text, sender) {
  try {
    const answer = await fetch("/v1/codes/lookup?" + new URLSearchParams({ code: text }), {
      credentials: "same-origin", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000),
    });
    sender.learnTime(answer);
    const json = await answer.json();
    if (answer.ok) return { life: json };
    return answer.status >= 500 || answer.status === 401 || answer.status === 429 ? {} : { problem: json };
  } catch {
    return {};
  }
}

/** The sentence of a problem in the page's language. */
export function sentence(problem) {
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const refusal = problem?.refusals?.[0];
  if (refusal) return refusal.message[language];
  if (!problem) return "";
  return language === "zh" ? problem.titleZh : [problem.title, problem.detail].filter(Boolean).join(": ");
}
