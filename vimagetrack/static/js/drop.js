// A drop zone takes files for the input inside it and says what was taken.
const sized = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector('input[type="file"]');
  const said = zone.querySelector("[data-drop-said]");
  const say = () => {
    const files = [...input.files];
    said.textContent = files.map((file) => `${file.name}, ${sized(file.size)}`).join("; ");
  };
  const over = (on) => zone.toggleAttribute("data-over", on);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", say);
  say();
}
