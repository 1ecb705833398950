// What a reader types, as a code: GS1 Digital Link addresses, element strings and raw scanner data.
"use strict";

const SEPARATOR = "\u001d";

/** Whether the last digit of a GS1 key is its check digit (GS1 General Specifications, 7.9). */
export function hasCheckDigit(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 ? 3 : 1);
  return sum % 10 === 0;
}

/**
 * Reads a code: {kind: "item"|"box", key, text, gtin?}, or null when it is none. `key` is the same for every way in
 * which one code is written.
 */
export function readCode(text) {
  const plain = text.trim().replace(/^\][A-Za-z]\d/, "");
  let found = plain.match(/\/01\/(\d{14})(?:\/[^?#]*?)?\/21\/([^/?#]+)/);
  if (found) return item(found[1], decode(found[2]), plain);
  found = plain.match(/\/00\/(\d{18})(?=[/?#]|$)/) ?? plain.match(/^\(00\)(\d{18})$/) ?? plain.match(/^00(\d{18})$/)
    ?? plain.match(/^(\d{18})$/);
  if (found) return box(found[1], plain);
  found = plain.match(/^\(01\)(\d{14}).*?\(21\)([^(]+)/) ?? plain.match(/^01(\d{14})21([^\u001d]+)/);
  if (found) return item(found[1], found[2].split(SEPARATOR)[0], plain);
  return null;
}

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function item(gtin, serial, text) {
  if (!hasCheckDigit(gtin) || serial.length > 20) return null;
  return { kind: "item", key: `01${gtin}21${serial}`, gtin, short: serial, text };
}

function box(sscc, text) {
  return hasCheckDigit(sscc) ? { kind: "box", key: `00${sscc}`, short: sscc, text } : null;
}
