// Upload with a live bar. A single file goes as a raw body, so that the server can stream it to disk; with a
// tar of the base, or pasted text, the whole form goes as it would without this script.
const form = document.querySelector("form[data-upload]");
if (form) {
  const panel = document.querySelector("[data-upload-panel]");
  const bar = panel.querySelector("progress");
  const sentence = panel.querySelector("[data-upload-said]");
  const failure = document.querySelector("[data-upload-failure]");
  const mega = (bytes) => (bytes / 1e6).toFixed(1);

  const send = () => {
    const diff = form.elements.diff.files[0];
    const raw = diff && !form.elements.base_tar.files.length;
    const request = new XMLHttpRequest();
    const began = performance.now();
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
      const rate = event.loaded / Math.max(performance.now() - began, 1) * 1000;
      const left = Math.ceil((event.total - event.loaded) / Math.max(rate, 1));
      sentence.textContent = event.loaded < event.total
        ? `${mega(event.loaded)} of ${mega(event.total)} MB, ${mega(rate)} MB a second, about ${left} s left`
        : "All sent; the server is writing it to disk";
    });
    request.addEventListener("load", () => finish(request));
    request.addEventListener("error", () => fail("The connection broke before the diff was there. Nothing was stored; send it again."));
    request.addEventListener("abort", () => fail("Stopped. Nothing was stored."));
    panel.querySelector("[data-upload-stop]").onclick = () => request.abort();
    panel.hidden = false;
    failure.hidden = true;
    form.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
    request.open("POST", raw ? address(diff) : form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    if (raw) request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(raw ? diff : new FormData(form));
  };

  const address = (diff) => {
    const query = new URLSearchParams({ filename: diff.name, base: form.elements.base.value, base_commit: form.elements.base_commit?.value ?? "" });
    return `${form.dataset.upload}?${query}`;
  };

  const finish = (request) => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
    if (request.status < 300 && answer.location) { location.assign(answer.location); return; }
    fail(answer.error || `The server answered ${request.status} and gave no reason. Nothing was stored; send it again.`);
  };

  const fail = (text) => {
    panel.hidden = true;
    form.querySelector("[type=submit]").removeAttribute("aria-disabled");
    failure.querySelector("[data-upload-why]").textContent = text;
    failure.hidden = false;
    failure.focus();
  };

  form.addEventListener("submit", (event) => {
    if (!form.elements.diff.files.length && !form.elements.text.value.trim()) return;
    event.preventDefault();
    if (form.querySelector("[type=submit]").getAttribute("aria-disabled") !== "true") send();
  });
}
