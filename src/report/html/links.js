// A page of the program outlives it: a button that leads to nobody says so, and how to get back, instead of leaving the page.
// Without this script a button would lead to the browser's own page of an error.
for (const form of document.querySelectorAll("form[data-gone]")) {
  let there = false;
  form.addEventListener("submit", async (event) => {
    if (there) {
      there = false;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    const fields = new URLSearchParams([["token", form.elements.namedItem("token").value]]);
    const answer = await fetch("/there", { method: "POST", body: fields, cache: "no-store" }).catch(() => null);
    if (answer?.ok) {
      there = true;
      form.requestSubmit(submitter);
      return;
    }
    let gone = document.querySelector(".gone");
    if (!gone) {
      gone = document.createElement("p");
      gone.className = "gone";
      gone.setAttribute("role", "status");
      document.querySelector("main").append(gone);
    }
    gone.textContent = form.dataset.gone;
  });
}
