// A file is read here and put into the text field: UTF-8, or GB18030 as Excel in Chinese writes it.
"use strict";
for (const input of document.querySelectorAll("input[data-into]")) {
  input.addEventListener("change", async () => {
    const bytes = await input.files[0]?.arrayBuffer();
    if (!bytes) return;
    let text;
    try { text = new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { text = new TextDecoder("gb18030").decode(bytes); }
    document.getElementById(input.dataset.into).value = text;
  });
}
