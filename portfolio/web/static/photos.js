// Improvements only, for the page an investor opens on a telephone: photos are made smaller before they travel.
(() => {
  "use strict";
  const LARGE = 1000000;
  const LONGEST = 2400;

  const smaller = async (file) => {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return drawn && drawn.size < file.size ? new File([drawn], file.name, { type: "image/jpeg" }) : file;
  };

  // What cannot be drawn is sent as it is; the server looks into it.
  const shrink = async (input) => {
    const chosen = Array.from(input.files);
    const fit = await Promise.all(chosen.map((file) => (
      file.type === "image/jpeg" && file.size > LARGE ? smaller(file).catch(() => file) : file
    )));
    if (fit.every((file, index) => file === chosen[index])) return;
    const held = new DataTransfer();
    fit.forEach((file) => held.items.add(file));
    input.files = held.files;
    // The check of kinds and sizes looks at them once more.
    input.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "made smaller" }));
  };

  const able = window.createImageBitmap && window.DataTransfer && HTMLCanvasElement.prototype.toBlob;
  document.querySelectorAll("input[type=file][multiple]").forEach((input) => {
    let busy = Promise.resolve();
    let ready = true;
    if (!able) return;
    input.addEventListener("change", (e) => {
      if (e.detail === "made smaller") return;
      ready = false;
      busy = shrink(input).catch(() => {}).then(() => { ready = true; });
    });
    // Pressed too early: the form goes as soon as the photos are ready, by the same button.
    input.form.addEventListener("submit", (e) => {
      if (ready) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      const button = e.submitter;
      busy.then(() => { input.form.requestSubmit(button); });
    });
  });

  // A second press would begin the upload anew; on a slow line that never ends.
  document.querySelectorAll("[data-sending]").forEach((words) => {
    let sent = 0;
    words.closest("form").addEventListener("submit", (e) => {
      if (Date.now() - sent < 120000) { e.preventDefault(); e.stopImmediatePropagation(); return; }
      sent = Date.now();
      words.hidden = false;
      // Whoever checks the files after this may still say no.
      setTimeout(() => { if (e.defaultPrevented) { sent = 0; words.hidden = true; } }, 0);
    });
    window.addEventListener("pageshow", (e) => { if (e.persisted) { sent = 0; words.hidden = true; } });
  });

  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
})();
