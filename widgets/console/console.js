// The console works without this. With it, texts can be copied by a button, and the builder shows at once what is chosen.
for (const box of document.querySelectorAll(".copy")) {
  const button = box.querySelector("button");
  if (!button || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    button.textContent = box.dataset.copied;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
for (const form of document.querySelectorAll("form[data-live]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
