// The steps that were taken: waiting, done, or refused with the reason.
"use strict";

import { sentence } from "./station-tasks.js";

function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function button(text, name, act) {
  const made = element("button", text, `btn btn-sm ${name}`);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** Shows steps newest first. `acts` has undo, resume, discard and retry; each takes a step. */
export function showSteps(list, steps, user, words, acts) {
  list.replaceChildren(...[...steps].reverse().map((step) => {
    const line = element("li", "", `step ${step.state}`);
    const head = element("p", "", "step-head");
    head.append(element("strong", words("task_" + step.task)), " ", element("span", step.about),
      " ", element("span", words("state_" + step.state), "badge-state"));
    line.append(head);
    if (step.user !== user) line.append(element("p", words("waitsFor", { user: step.user }), "small"));
    if (step.state === "refused") line.append(reasons(step));
    const actions = element("p", "", "step-actions");
    if (step.state === "refused") {
      actions.append(button(words("resume"), "btn-primary", () => acts.resume(step)),
        button(words("retry"), "btn-outline-primary", () => acts.retry(step)),
        button(words("discard"), "btn-outline-danger", () => acts.discard(step)));
    } else if (acts.canUndo(step)) {
      actions.append(button(words("undoStep"), "btn-outline-secondary", () => acts.undo(step)));
    }
    const dispatch = step.state === "done" && step.task === "dispatch" && step.answer?.id;
    if (dispatch) {
      const link = element("a", words("sealedLabels"), "btn btn-sm btn-primary");
      link.href = `/prints?dispatch=${encodeURIComponent(dispatch)}`;
      actions.append(link);
    }
    if (actions.childNodes.length) line.append(actions);
    return line;
  }));
}

function reasons(step) {
  const list = element("ul", "", "reasons");
  const refusals = step.answer?.refusals ?? [];
  for (const refusal of refusals.slice(0, 5)) {
    list.append(element("li", `${sentence({ refusals: [refusal] })} ${tail(refusal.code)}`));
  }
  if (!refusals.length) list.append(element("li", sentence(step.answer)));
  return list;
}

/** The last part of a code: enough to find the label. */
export function tail(code) { return (code ?? "").split("?")[0].split("/").pop(); }
