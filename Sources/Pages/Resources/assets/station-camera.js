// Reads codes with a phone's camera, where the browser can (BarcodeDetector).
"use strict";

export const canRead = "BarcodeDetector" in window && !!navigator.mediaDevices?.getUserMedia;

/** Shows the camera in `video` and hands every code once to `read`; gives a function that stops it. */
export async function watch(video, read) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code", "data_matrix", "code_128"] });
  let [isOver, last, seen] = [false, "", 0];
  const look = async () => {
    if (isOver) return;
    try {
      const [found] = await detector.detect(video);
      // The same code is read again only after it was out of sight for a moment.
      if (found && (found.rawValue !== last || Date.now() - seen > 1500)) read(found.rawValue);
      if (found) [last, seen] = [found.rawValue, Date.now()];
    } catch { /* a frame that cannot be read */ }
    setTimeout(look, 120);
  };
  look();
  return () => {
    isOver = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
