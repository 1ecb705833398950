// Makes the photo smaller before it is sent (which also leaves out what the camera wrote into it), and asks for the
// place when the person ticks so. The form works without.
"use strict";

const photo = document.getElementById("photo");
photo?.addEventListener("change", async () => {
  const file = photo.files[0];
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob) return;
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    photo.files = transfer.files;
  } catch { /* sent as it is */ }
});

const consent = document.getElementById("consent");
if (consent && navigator.geolocation) {
  const form = consent.form;
  const told = document.getElementById("located");
  document.getElementById("locate").hidden = false;
  consent.addEventListener("change", () => {
    form.latitude.value = form.longitude.value = told.textContent = "";
    if (!consent.checked) return;
    navigator.geolocation.getCurrentPosition((position) => {
      // Two decimals are about a kilometre: enough for the prefecture, which is all that is kept.
      form.latitude.value = position.coords.latitude.toFixed(2);
      form.longitude.value = position.coords.longitude.toFixed(2);
      told.textContent = told.dataset.found;
    }, () => {
      consent.checked = false;
      told.textContent = told.dataset.failed;
    }, { timeout: 10000 });
  });
}
