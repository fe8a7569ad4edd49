// What the scripts of handouts and slides share.
"use strict";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

// What this browser keeps of a reader, for all pages of the course: JSON under a name.
// A browser that keeps nothing, and something strange under the name, are as if nothing were kept.
const keep = {
  prefix: "koubai-notes/",
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // nothing is kept
    }
  },
  clear() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
      names.forEach((name) => localStorage.removeItem(name));
    } catch {
      // nothing was kept
    }
  },
};
