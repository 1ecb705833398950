// What is wrong with how a page looks, as far as a script can tell; returns sentences.
const english = document.documentElement.lang.startsWith("en");
const data = new Set(arguments[0]);
const found = [];
const width = document.documentElement.clientWidth;
const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
const scrolls = (element) => /auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX);
const inside = (element, test) => { for (let at = element.parentElement; at; at = at.parentElement) if (test(at)) return at; return null; };
const brief = (element) => `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}${element.classList.length ? "." + [...element.classList].join(".") : ""}> ${(element.innerText ?? "").trim().slice(0, 40)}`;
const isMap = (element) => !!element.closest(".leaflet-container,canvas,video");

const wide = document.documentElement.scrollWidth - width;
if (wide > 0) found.push(`the page is ${wide} px too wide`);
const all = [...document.body.querySelectorAll("*")].filter((element) => !isMap(element) && isShown(element));
for (const element of all) {
  const box = element.getBoundingClientRect();
  if (element.classList.contains("skip") || !box.width || !box.height) continue;
  const scroller = inside(element, (at) => at !== document.body && at !== document.documentElement && scrolls(at));
  if (!scroller && (box.right > width + 1 || box.left < -1)) found.push(`past the edge: ${brief(element)}`);
  const style = getComputedStyle(element);
  if (/hidden|clip/.test(style.overflowX) && !element.matches("input,textarea") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1) found.push(`cut off: ${brief(element)}`);
  if (element.matches("button,.btn,summary,.badge") && element.scrollWidth > element.clientWidth + 1) found.push(`does not hold its text: ${brief(element)}`);
  if (element.matches(".table-box:not(.keep)") && element.scrollWidth > element.clientWidth + 1) found.push(`a table is ${element.scrollWidth - element.clientWidth} px wider than its place: ${brief(element)}`);
  if (element.matches("select") && width) {
    const text = document.createElement("span");
    text.style.cssText = "position:absolute;visibility:hidden;white-space:nowrap";
    text.style.font = style.font;
    text.textContent = element.selectedOptions[0]?.textContent ?? "";
    document.body.append(text);
    if (text.offsetWidth > element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1) found.push(`a choice is cut off: ${text.textContent}`);
    text.remove();
  }
  if (element.matches("img") && !element.hasAttribute("alt")) found.push(`no alt: ${brief(element)}`);
}
// What is pressed must not lie under something else that is pressed.
const pressed = all.filter((element) => element.matches("a[href],button,input:not([type=hidden]),select,textarea,summary") && !inside(element, (at) => getComputedStyle(at).position === "sticky"));
for (const [number, one] of pressed.entries()) {
  for (const other of pressed.slice(number + 1)) {
    if (one.contains(other) || other.contains(one)) continue;
    for (const a of one.getClientRects()) {
      for (const b of other.getClientRects()) {
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1.5) found.push(`overlap: ${brief(one)} and ${brief(other)}`);
      }
    }
  }
}
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walk.nextNode(); node; node = walk.nextNode()) {
  const parent = node.parentElement;
  if (!parent || !isShown(parent) || parent.closest("script,style,textarea,option,.mark,[lang]:not(html),blockquote,[data-said]") || isMap(parent)) continue;
  let text = node.textContent.trim();
  if (!text) continue;
  for (const name of data) text = text.replaceAll(name, "");
  // A serial as people read it, in fours.
  text = text.replace(/\b[0-9A-Z]{4}( [0-9A-Z]{4})+\b/g, "");
  if (english && !parent.closest("code") && /[\u3400-\u9fff]/.test(text)) found.push(`Chinese: ${text.slice(0, 60)}`);
  if (!english && !parent.closest("code") && /[A-Za-z]{3,} [A-Za-z]{2,}/.test(text)) found.push(`English: ${text.slice(0, 60)}`);
  if (!parent.closest("code") && /\b[a-z]+[A-Z][a-z]+|\b[a-z]+_[a-z_]+|\{\w+\}|\bundefined\b|\bnull\b|\bNaN\b/.test(text)) found.push(`raw: ${text.slice(0, 60)}`);
  if (!parent.closest("code") && /\d{4}-\d\d-\d\dT/.test(text)) found.push(`raw time: ${text.slice(0, 60)}`);
  // Codes of regions and goods, and the numbers of events, are names and not counted.
  const counted = text.replace(/#\d+|(?:事件|[Ee]vent) \d+|^\d+$|\b0\d{13}\b|\b[1-9]\d{5}\b|\b69\d{11}\b/g, "");
  if (!parent.closest("code") && /(?<![\w.-])\d{5,}(?![\w-])/.test(counted)) found.push(`a long number: ${text.slice(0, 60)}`);
}
return [...new Set(found)];
