// A picker beside the field for the colour: the field counts, and works without it.
const box = document.querySelector(".colour");
const text = box && box.querySelector("input");
if (text) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", box.dataset.pick);
  const follow = () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
  };
  follow();
  if (!text.value) picker.value = "#12574a";
  picker.addEventListener("input", () => { text.value = picker.value; });
  text.addEventListener("input", follow);
  box.append(picker);
}
