// Attaches files to a case before the statement that rests on them is sent.
"use strict";

for (const form of document.querySelectorAll("[data-uploads]")) {
  const place = form.querySelector("[data-files]");
  const [input, list] = [place.querySelector("input"), place.querySelector("[data-list]")];
  const submit = form.querySelector("button");
  place.hidden = false;
  input.addEventListener("change", async () => {
    submit.disabled = true;
    for (const file of input.files) {
      const line = document.createElement("li");
      line.textContent = `${file.name}: ${list.dataset.uploading}`;
      list.append(line);
      try {
        const purpose = file.type.startsWith("image/") ? "photo" : "document";
        const query = new URLSearchParams({ name: file.name, purpose, ...(await yima.hash(file)) });
        const made = await yima.call("POST", `${form.dataset.uploads}?${query}`, file, file.type || "application/octet-stream");
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "attachment", value: made.sha256 });
        form.append(field);
        line.textContent = `${file.name}: ${list.dataset.uploaded}`;
      } catch (error) {
        const chinese = document.documentElement.lang.startsWith("zh");
        const reason = (chinese ? error.problem?.titleZh : error.problem?.detail ?? error.problem?.title) ?? "";
        line.textContent = `${file.name}: ${list.dataset.failed} ${reason}`;
      }
    }
    input.value = "";
    submit.disabled = false;
  });
}
