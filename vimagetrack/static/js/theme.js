// The footer's theme choice: CSS shows it at once; this keeps it without leaving the page.
for (const form of document.querySelectorAll("form[data-theme-form]")) {
  form.addEventListener("change", async () => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) return;
    for (const input of form.elements) input.removeAttribute("data-kept");
    form.querySelector("input:checked").setAttribute("data-kept", "");
  });
}
