// Improvements only: every page works without this file. No dependency, no inline script, ES2019.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  root.classList.add("js");

  // Folds that are open on wide screens, for browsers that cannot open them by style alone.
  const modern = window.CSS && CSS.supports("selector(::details-content)");
  [[".menu", "(min-width: 1200px)"], [".fold", "(min-width: 992px)"]].forEach(([folds, width]) => {
    const wide = matchMedia(width);
    const unfold = () => { if (!modern && wide.matches) all(folds).forEach((d) => { d.open = true; }); };
    unfold();
    wide.addEventListener("change", unfold);
  });

  // A table wider than its sheet can be scrolled with the keyboard, and says what it is.
  const reach = () => all(".sheet").forEach((sheet) => {
    if (sheet.scrollWidth <= sheet.clientWidth) { sheet.removeAttribute("tabindex"); return; }
    const caption = sheet.querySelector("caption");
    sheet.tabIndex = 0;
    sheet.setAttribute("role", "region");
    if (caption) sheet.setAttribute("aria-label", caption.textContent.trim());
  });
  reach();
  window.addEventListener("resize", reach);

  // A dropped-down list closes at Escape and at a click elsewhere.
  document.addEventListener("click", (e) => all(".drop > details[open]").forEach((d) => { if (!d.contains(e.target)) d.open = false; }));
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    all(".drop > details[open]").forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
  });

  // The error summary has the focus; it has it by autofocus where the browser knows that for a div.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // Text that was typed is not lost by a slip: the browser asks before leaving.
  const guarded = all("form[data-guard]");
  const written = (form) => JSON.stringify(Array.from(new FormData(form)).filter(([name]) => name !== "csrf_token")
    .map(([name, value]) => [name, value instanceof File ? value.name : value]));
  const before = new Map();
  let sending = false;
  window.addEventListener("load", () => guarded.forEach((form) => before.set(form, written(form))));
  window.addEventListener("beforeunload", (e) => {
    if (!sending && guarded.some((form) => form.dataset.guard === "typed" || (before.has(form) && before.get(form) !== written(form)))) { e.preventDefault(); e.returnValue = ""; }
  });

  // A form is sent once, however often the button is pressed.
  const release = (form) => { delete form.dataset.sent; all("button", form).forEach((b) => b.removeAttribute("aria-disabled")); };
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "post") return;
    if (form.dataset.sent || !filesFit(form)) { e.preventDefault(); return; }
    if ("guard" in form.dataset) sending = true;
    if (!("once" in form.dataset)) return;
    form.dataset.sent = "1";
    all("button", form).forEach((b) => b.setAttribute("aria-disabled", "true"));
    setTimeout(() => { release(form); sending = false; }, 15000);
  });
  window.addEventListener("pageshow", (e) => { if (e.persisted) { sending = false; all("form[data-sent]").forEach(release); } });

  // Files: kind and size are checked before they travel.
  const complaint = (input) => {
    const endings = (input.accept || "").split(",").filter(Boolean);
    for (const file of Array.from(input.files || [])) {
      if (endings.length && !endings.some((ending) => file.name.toLowerCase().endsWith(ending))) return input.dataset.refusal;
      if (file.size > Number(input.dataset.maxBytes || Infinity)) return input.dataset.tooLarge;
    }
    return "";
  };
  const check = (input) => {
    const words = complaint(input);
    const id = `${input.id}-file-error`;
    let note = document.getElementById(id);
    if (!words) { if (note) note.remove(); input.removeAttribute("aria-invalid"); return true; }
    if (!note) {
      note = document.createElement("p");
      note.id = id;
      note.className = "error";
      note.setAttribute("role", "alert");
      input.before(note);
    }
    note.textContent = words;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${id}`.trim());
    return false;
  };
  const filesFit = (form) => {
    const wrong = all("input[type=file][data-max-bytes]", form).filter((input) => !check(input));
    if (wrong.length) wrong[0].focus();
    return !wrong.length;
  };
  document.addEventListener("change", (e) => { if (e.target.matches("input[type=file][data-max-bytes]")) check(e.target); });

  // A filter takes effect at once when it is chosen with the pointer; with the keys it waits for the button,
  // because arrow keys pass through every answer.
  let byPointer = false;
  document.addEventListener("pointerdown", () => { byPointer = true; });
  document.addEventListener("keydown", () => { byPointer = false; });
  document.addEventListener("change", (e) => {
    const form = e.target.form;
    if (byPointer && form && "auto" in form.dataset && e.target.matches("select, [type=checkbox], [type=radio]") && form.requestSubmit) form.requestSubmit();
  });

  // One box ticks all boxes of a name, and a number says how many are ticked.
  new Set(all("[data-select-all]").map((box) => box.dataset.selectAll)).forEach((name) => {
    const boxes = all(`input[type=checkbox][name="${name}"]`);
    const masters = all(`[data-select-all="${name}"]`);
    const sync = () => {
      const ticked = boxes.filter((b) => b.checked).length;
      masters.forEach((m) => { m.checked = ticked > 0 && ticked === boxes.length; m.indeterminate = ticked > 0 && ticked < boxes.length; });
      all(`[data-ticked="${name}"]`).forEach((n) => { n.textContent = ticked; });
    };
    masters.forEach((m) => m.addEventListener("change", () => { boxes.forEach((b) => { b.checked = m.checked; }); sync(); }));
    boxes.forEach((b) => b.addEventListener("change", sync));
    window.addEventListener("pageshow", sync);
    sync();
  });

  // Copy a code; the button says that it was done.
  document.addEventListener("click", async (e) => {
    const button = e.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = button.dataset.copied || label;
    setTimeout(() => { button.textContent = label; }, 2000);
  });

  // A running job tells how far it is; when it has ended the page is loaded again and shows the result.
  all("[data-job]").forEach((panel) => {
    const bar = panel.querySelector("progress");
    let wait = 1000;
    const ask = async () => {
      try {
        const answer = await fetch(panel.dataset.job, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const job = await answer.json();
        if (job.finished) { location.reload(); return; }
        if (job.total) { bar.max = job.total; bar.value = job.done; panel.querySelector("[data-job-count]").textContent = `${job.done} / ${job.total}`; }
        if (job.state) panel.querySelector("[data-job-words]").textContent = job.state;
        wait = 1500;
      } catch (error) { wait = Math.min(wait * 2, 30000); }
      setTimeout(ask, wait);
    };
    setTimeout(ask, wait);
  });

  // Two minutes before the session ends the page says so. Other open pages of the same person count as being there.
  const warning = document.querySelector("[data-session-minutes]");
  if (warning) {
    const length = Number(warning.dataset.sessionMinutes) * 60000;
    const key = "portfolio-seen";
    const [soon, over] = ["soon", "over"].map((name) => warning.querySelector(`[data-when=${name}]`));
    let seen = Date.now();
    const mark = () => { seen = Date.now(); try { localStorage.setItem(key, String(seen)); } catch (error) { /* storage is shut */ } };
    const last = () => { try { return Math.max(seen, Number(localStorage.getItem(key)) || 0); } catch (error) { return seen; } };
    mark();
    const look = () => {
      const left = length - (Date.now() - last());
      warning.hidden = left > 120000;
      soon.hidden = left <= 0;
      over.hidden = left > 0;
    };
    warning.querySelector("button").addEventListener("click", async () => {
      const answer = await fetch(warning.dataset.sessionAddress, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).signed_in) mark();
      look();
    });
    setInterval(look, 5000);
    look();
  }
})();
