// What the runtime itself adds to a view, each element with `data-local`: the host's edit scripts pass over it.
import { at, put } from "./table.js";
import { shared } from "./turns.js";

/** A text of the interface in the person's language. */
export const text = (name) => shared.texts?.[name] || "";

const local = (tag, name = "", words = "") => {
  const element = document.createElement(tag);
  element.dataset.local = "";
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

const initials = () => {
  const words = (shared.person?.name || "").split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] || "").join("").toUpperCase();
};

const option = ({ id, name, title }, number) => {
  const item = local("li", "", name);
  item.id = "stoa-people" + number;
  item.role = "option";
  item.dataset.key = `@[${name}](${id}) `;
  if (title) item.append(local("small", "", title));
  return item;
};

const complain = (field, words) => {
  const problem = local("p", "problem", words);
  problem.id = field.id + "-problem";
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-errormessage", problem.id);
  field.after(problem);
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

/** Shows a text whose field is gone. */
export const rescue = (place, view, words) => {
  const box = notice(place, view, text("gone"));
  box.append(local("p", "plain", words));
  box.scrollIntoView({ block: "nearest" });
};

export const draw = {
  local: (tag, name, words) => put(local(tag, name, words)),
  retry: (place, key) => retry(at(place), key),
  notice: (place, view, words, key) => retry(notice(at(place), at(view), words), key),
  tick(view) {
    for (const time of at(view).box.querySelectorAll("time[data-r]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      time.title ||= time.textContent;
      const words = seconds < 86400 ? ago(seconds) : time.title;
      if (words && time.firstChild.data != words) time.firstChild.data = words;
    }
  },
  post(form, words) {
    const post = local("article", "post is-sending");
    const head = local("header");
    const avatar = local("span", "avatar", initials());
    avatar.ariaHidden = "true";
    head.append(avatar, local("b", "author", shared.person?.name), local("span", "when", text("sending")));
    post.append(head, local("p", "plain", words));
    at(form).after(post);
    return put(post);
  },
  problems(form, answer) {
    const { elements } = at(form);
    const complaints = (at(answer).fields || []).filter(({ name }) => elements[name]?.after);
    for (const { name, msg } of complaints) complain(elements[name], msg);
    elements[complaints[0]?.name]?.focus();
    return complaints.length > 0;
  },
  choose(field, answer) {
    field = at(field);
    const people = at(answer)?.people || [];
    const list = local("ul", "people");
    list.id = "stoa-people";
    list.role = "listbox";
    list.ariaLabel = text("people");
    list.append(...people.map(option));
    field.parentNode.querySelector(".people")?.remove();
    for (const [name, value] of [["controls", list.id], ["haspopup", "listbox"], ["autocomplete", "list"]])
      if (people.length) field.setAttribute("aria-" + name, value);
      else field.removeAttribute("aria-" + name);
    if (people.length) field.after(list);
    else field.removeAttribute("aria-activedescendant");
    return people.length > 0;
  },
  left(of, count) {
    if (at(of)) at(of).textContent = text("left").replace("%n", count);
  },
};
