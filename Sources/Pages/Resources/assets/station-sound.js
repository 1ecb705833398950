// Right, wrong and not sure, for ears and eyes that are elsewhere.
"use strict";

let context = null;

const NOTES = {
  good: [[1320, 0, 0.09, "sine"]],
  done: [[880, 0, 0.1, "sine"], [1175, 0.1, 0.1, "sine"], [1760, 0.2, 0.18, "sine"]],
  unsure: [[660, 0, 0.09, "triangle"], [660, 0.14, 0.09, "triangle"]],
  bad: [[180, 0, 0.22, "square"], [140, 0.26, 0.34, "square"]],
};

/** Plays one of the signs; silent where the browser has no sound. */
export function play(sign) {
  try {
    context ??= new AudioContext();
    context.resume();
    for (const [frequency, start, length, type] of NOTES[sign]) {
      const [oscillator, gain] = [context.createOscillator(), context.createGain()];
      const from = context.currentTime + start;
      oscillator.type = type;
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0.25, from);
      gain.gain.exponentialRampToValueAtTime(0.001, from + length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(from);
      oscillator.stop(from + length);
    }
    if (sign === "bad") navigator.vibrate?.([200, 80, 200]);
  } catch { /* no sound here */ }
}
