// The shared summary asks before it shows, and makes a line of text of the answer; it sends nothing. On paper nothing is asked.
{
  const question = document.querySelector("section.guess");
  const reply = document.querySelector("section.reply");
  if (question && reply) {
    const slider = question.querySelector("input");
    const show = question.querySelector("[data-do=show]");
    const target = reply.querySelector("#their-target");
    const line = reply.querySelector("#their-answer");
    let guess = null;

    const answer = () => {
      const next = target.value !== "" && target.checkValidity() ? target.valueAsNumber : null;
      const answers = Object.entries({ guess, next }).filter(([, percent]) => percent !== null);
      reply.querySelector(".back").hidden = answers.length === 0;
      // For a person, and then the same for the program.
      const said = answers.map(([name, percent]) => reply.dataset[name].replace(`{${name}}`, percent)).join("");
      const code = answers.map(([name, percent]) => ` ${name}=${percent}`).join("");
      line.value = `${reply.dataset.opening}${said.trimEnd()} [Keicho ${reply.dataset.call}${code}]`;
    };
    const open = (answered) => {
      guess = answered ? slider.valueAsNumber : null;
      question.hidden = true;
      reply.hidden = false;
      document.body.classList.remove("asks");
      const thought = reply.querySelector(".thought");
      const words = thought.dataset.words.replace("{guess}", guess).replace("{share}", question.dataset.share);
      thought.textContent = answered ? words : "";
      answer();
      scrollTo(0, 0);
    };

    question.hidden = false;
    document.body.classList.add("asks");
    slider.addEventListener("input", () => {
      show.disabled = false;
      slider.setAttribute("aria-valuetext", `${slider.value}%`);
      question.querySelector(".guessed").textContent = `${slider.value}%`;
    });
    show.addEventListener("click", () => open(true));
    question.querySelector("[data-do=skip]").addEventListener("click", () => open(false));
    target.addEventListener("input", answer);
    reply.querySelector("[data-do=copy]").addEventListener("click", async ({ currentTarget: button }) => {
      line.select();
      const copied = await (navigator.clipboard?.writeText(line.value) ?? Promise.reject()).then(
        () => true,
        () => false,
      );
      button.textContent = copied ? button.dataset.done : button.dataset.byHand;
    });
  }
}
