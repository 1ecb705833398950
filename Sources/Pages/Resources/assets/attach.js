// Attachments go straight to the API, as the bytes of the file.
"use strict";
for (const form of document.querySelectorAll("form[data-attach]")) {
  const [input, fault] = [form.querySelector("input[type=file]"), form.querySelector("[role=alert]")];
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    fault.hidden = true;
    try {
      const query = new URLSearchParams({ name: file.name, ...(await yima.hash(file)) });
      await yima.call("POST", `${form.dataset.attach}?${query}`, file, file.type || "application/octet-stream");
      location.reload();
    } catch (error) {
      fault.textContent = error.problem ? (document.documentElement.lang === "en" ? error.problem.title : error.problem.titleZh) : error.message;
      fault.hidden = false;
    }
  });
}
