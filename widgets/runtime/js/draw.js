// What the runtime itself adds to a view, each element with `data-local`: the host's edit scripts pass over it.
import { shared } from "./turns.js";

/** A text of the interface in the person's language. */
export const text = (name) => shared.texts?.[name] || "";

export const local = (tag, name = "", words = "") => {
  const element = document.createElement(tag);
  element.dataset.local = "";
  element.stoaLocal = true; // what edit scripts look at
  element.className = name;
  element.textContent = words;
  return element;
};

const retry = (place, key) => {
  if (!key || place.querySelector("button")) return;
  const button = local("button", "button", text("retry"));
  button.type = "button";
  button.dataset.act = key;
  place.append(button);
};

const avatar = (name = "", hue) => {
  const words = name.split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] || "").join("");
  const picture = local("span", hue == null ? "avatar" : "avatar hue-" + ~~(hue / 30), initials.toUpperCase());
  picture.ariaHidden = "true";
  return picture;
};

// `twin`: somebody else in the list has the same name.
const option = ({ id, name, title, hue }, number, all) => {
  const item = local("li");
  item.id = "stoa-option" + number;
  item.role = "option";
  item.ariaSelected = "false";
  Object.assign(item.dataset, { key: id, name, title: title || "" });
  if (all.some((other) => other.name == name && other.id != id)) item.dataset.twin = "";
  if (hue != null) item.append(avatar(name, hue));
  item.append(local("span", "name", name));
  if (title) item.append(local("small", "", title));
  return item;
};

// Of several controls with one name (radio buttons) the group is meant.
const control = (named) => (named?.after ? named : named?.[0]?.closest("fieldset"));

// What can have the focus: of a field for people or tags the line that is written in.
const reachable = (field) => field.closest(".pick")?.querySelector("[role=combobox]") || field.querySelector?.("input") || field;

const complain = (field, words) => {
  const problem = local("p", "problem", words);
  const target = reachable(field);
  problem.id = (field.id || target.id) + "-problem";
  problem.ariaLive = "polite";
  target.setAttribute("aria-invalid", "true");
  target.setAttribute("aria-errormessage", problem.id);
  if (field.matches("fieldset")) field.append(problem);
  else field.after(problem);
};

const ago = (seconds) =>
  seconds < 60
    ? text("now")
    : new Intl.RelativeTimeFormat(shared.lang).format(-~~(seconds / (seconds < 3600 ? 60 : 3600)), seconds < 3600 ? "minute" : "hour");

const notice = (place, view, words) => {
  const notice = local("div", "notice tone-danger");
  notice.role = "alert";
  notice.append(local("p", "", words));
  if (!place?.isConnected) view.box.prepend(notice);
  else if (place.matches("form")) place.append(notice);
  else place.after(notice);
  return notice;
};

// The hidden fields that tell whom the labels in a field stand for: [input, id, label] each.
const companions = (field) =>
  [...(field?.form?.elements || [])]
    .filter((input) => input.name == "@" + field.name)
    .map((input) => [input, ...input.value.split(/ (.*)/)])
    .filter(([, , label]) => label);

const accompany = (field, value) => {
  const input = local("input");
  Object.assign(input, { type: "hidden", name: "@" + field.name, value });
  field.form.append(input);
};

/** Whom the labels in a field stand for, as texts to be kept and sent. */
export const people = (field) => companions(field).map(([input]) => input.value);

/** Lets labels in a field stand for people again. */
export const accompanied = (field, values) => {
  const known = people(field);
  for (const value of values) if (!known.includes(value)) accompany(field, value);
};

const fieldOf = (line) => line.closest(".pick")?.querySelector(":scope > input[data-o]") || line;

const tag = (field, word) =>
  [...field.parentNode.querySelectorAll(".options > li")].find((item) => item.dataset.key == word)?.textContent || word;

const hues = {}; // person -> the colour behind the initials

const chip = (field, word) => {
  const person = field.dataset.o == "people";
  const id = person ? companions(field).find(([, , label]) => label == word)?.[1] : word;
  const item = local("li", "chip");
  const button = local("button", "", "×");
  button.type = "button";
  button.tabIndex = -1;
  button.ariaLabel = text("remove").replace("%s", person ? word : tag(field, word));
  item.dataset.key = id || "";
  if (person) item.append(avatar(word, hues[id] ?? 0));
  item.append(local("span", "name", person ? word : tag(field, word)), button);
  return item;
};

const line = (field) => {
  const box = local("div", "picked");
  const chips = local("ul", "chips");
  const input = local("input", "line");
  const label = field.parentNode.querySelector("label").textContent;
  const notes = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => !id.endsWith("-how"));
  chips.role = "list";
  chips.ariaLabel = label;
  Object.assign(input, { type: "text", role: "combobox", autocomplete: "off", dir: "auto", ariaLabel: label });
  Object.assign(input, { ariaExpanded: "false", ariaHasPopup: "listbox", ariaAutoComplete: "list" });
  input.id = field.id + "-line";
  if (notes[0]) input.setAttribute("aria-describedby", notes.join(" "));
  input.ariaInvalid = field.ariaInvalid;
  box.append(chips, input, local("span", "hint count"));
  field.before(box);
  for (const plain of field.parentNode.querySelectorAll(":scope > :is(input,.how,.options)")) plain.hidden = true;
  return box;
};

/** Draws what a field for people or tags holds: chips, and a line to write in. */
export const drawPick = (field) => {
  const box = field.parentNode.querySelector(":scope > .picked") || line(field);
  const words = field.value.split(",").map((word) => word.trim()).filter(Boolean);
  const [chips, input, count] = box.children;
  if (box.dataset.drawn == field.value) return;
  box.dataset.drawn = field.value;
  chips.replaceChildren(...words.map((word) => chip(field, word)));
  count.textContent = words.length + " / " + field.max;
  input.readOnly = words.length >= field.max;
};

/** Shows a text whose field is gone. */
export const rescue = (place, view, words) => {
  const box = notice(place, view, text("gone"));
  box.append(local("p", "plain", words));
  box.scrollIntoView({ block: "nearest" });
};

export const draw = {
  retry,
  notice: (place, view, words, key) => retry(notice(place, view, words), key),
  tick(view) {
    for (const time of view.box.querySelectorAll("time[data-r]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      time.title ||= time.textContent;
      const words = seconds < 86400 ? ago(seconds) : time.title;
      if (words && time.firstChild.data != words) time.firstChild.data = words;
    }
  },
  post(form, words) {
    const post = local("article", "post is-sending");
    const head = local("header");
    head.append(avatar(shared.person?.name), local("b", "author", shared.person?.name), local("span", "when", text("sending")));
    post.append(head, local("p", "plain", words));
    form.after(post);
    return post;
  },
  // Complaints about what is not in the form are told at the form.
  problems(element, place, view, answer) {
    const { fields = [] } = answer;
    const placed = fields.filter(({ name }) => control(element.elements?.[name]));
    for (const { name, msg } of placed) complain(control(element.elements[name]), msg);
    const rest = fields.filter((field) => !placed.includes(field));
    if (rest.length) notice(place, view, rest.map(({ msg }) => msg).join(" "));
    if (placed.length) reachable(control(element.elements[placed[0].name])).focus();
    return fields.length > 0;
  },
  choose(field, answer) {
    const list = local("ul", "people");
    const chosen = new Set([...(field.closest(".pick")?.querySelectorAll(".chip") || [])].map((chip) => chip.dataset.key));
    const found = (answer?.people || []).filter(({ id }) => !chosen.has(id));
    list.id = "stoa-people";
    list.role = "listbox";
    list.ariaLabel = field.ariaLabel || text("people");
    for (const { id, hue } of found) if (hue != null) hues[id] = hue;
    list.append(...found.map(option));
    field.parentNode.querySelector(".people")?.remove();
    const combobox = field.role == "combobox";
    for (const [name, value] of [["controls", list.id], ["haspopup", "listbox"], ["autocomplete", "list"]])
      if (found.length) field.setAttribute("aria-" + name, value);
      else if (!combobox || name == "controls") field.removeAttribute("aria-" + name);
    if (combobox) field.ariaExpanded = String(found.length > 0);
    if (found.length) field.after(list);
    else field.removeAttribute("aria-activedescendant");
    return found.length;
  },
  pick: drawPick,
  numbers: (name, first, second) => text(name).replace("%n", first).replace("%m", second),
  named(of, chosen) {
    const field = fieldOf(of);
    const { key, name, title, twin } = chosen.dataset;
    if (field.dataset.o == "tags") return key;
    const plain = (words) => words.replace(/[,[\]\\\s]+/g, " ").trim();
    const taken = companions(field);
    const known = taken.find(([, id]) => id == key);
    if (known) return known[2];
    const titled = title && `${plain(name)} (${plain(title)})`;
    const labels = [twin == null ? plain(name) : titled, titled].filter(Boolean);
    for (let number = 2; number < 99; number++) labels.push(`${plain(name)} (${number})`);
    const label = labels.find((label) => !taken.some(([, , other]) => other == label));
    accompany(field, key + " " + label);
    return label;
  },
  suggest(of) {
    const typed = of.value.trim().toLowerCase();
    const items = [...of.closest(".pick").querySelectorAll(".options > li")];
    const people = items.map((item) => ({ id: item.dataset.key, name: item.textContent }));
    return draw.choose(of, { people: people.filter(({ name }) => name.toLowerCase().includes(typed)) });
  },
};
