// The settings page: makes a secret, and sees whether this browser reaches the Stoa host as those of staff will have to.
(() => {
  const make = document.getElementById("stoa-make");
  const field = document.getElementById("stoa_secret");
  if (make && field) {
    make.hidden = false;
    make.addEventListener("click", () => {
      const bytes = crypto.getRandomValues(new Uint8Array(32));
      field.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      field.type = "text"; // to be copied into the host's file; after saving it is not shown again
      field.select();
    });
  }
  const notice = document.getElementById("stoa-browser");
  if (notice) {
    fetch(`${notice.dataset.server}/embed.js`, { cache: "no-store" }).then(
      (answer) => (notice.hidden = answer.ok),
      () => (notice.hidden = false),
    );
  }
})();
