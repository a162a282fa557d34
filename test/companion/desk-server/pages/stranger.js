// What a page of another origin can try on a desk whose address it knows.
const add = (name, properties) => {
  const element = Object.assign(document.createElement(name), properties);
  document.body.append(element);
  return element;
};

const outcome = (target, good) =>
  new Promise((resolve) => {
    target.addEventListener(good, () => resolve(good));
    target.addEventListener("error", () => resolve("error"));
  });

globalThis.attempts = {
  /** All that could be read. */
  read: async (url) => {
    const requests = ["", "page.js", "api/view", "texts/kk.json"].flatMap((path) =>
      ["cors", "no-cors"].map((mode) => fetch(url + path, { mode })),
    );
    const answers = await Promise.allSettled(requests);
    const texts = answers.map(({ value }) => value?.text() ?? "");
    return (await Promise.all(texts)).join("");
  },

  /** The statuses that could be read; 0 where none could. */
  post: async (url) => {
    const posts = ["cors", "no-cors"].flatMap((mode) =>
      ["application/json", "text/plain"].map((type) =>
        fetch(`${url}api/finish`, {
          method: "POST",
          mode,
          headers: { "content-type": type },
          body: "{}",
        }).catch(() => null),
      ),
    );
    navigator.sendBeacon(`${url}api/stir`, "{}");
    return (await Promise.all(posts)).map((answer) => answer?.status ?? 0);
  },

  postForm: (url) => {
    const frame = add("iframe", { name: "target" });
    const form = add("form", {
      method: "post",
      enctype: "text/plain",
      action: `${url}api/finish`,
      target: "target",
    });
    const loaded = outcome(frame, "load");
    form.submit();
    return loaded;
  },

  frame: (url) => outcome(add("iframe", { src: url }), "load"),

  watch: (url) => outcome(new EventSource(`${url}api/view`), "view"),

  load: (url) =>
    Promise.all(
      [
        add("script", { src: `${url}page.js`, type: "module" }),
        add("script", { src: `${url}chunk-ABC.js` }),
        add("img", { src: `${url}icon.svg` }),
        add("link", { rel: "stylesheet", href: `${url}page.css` }),
      ].map((element) => outcome(element, "load")),
    ),

  open: (url) => window.open(url) !== null,

  connect: (url) => outcome(new WebSocket(`${url.replace("http", "ws")}api/view`), "open"),
};
