// Tries all that the desk's policy forbids its own page, and writes down what was blocked.
const violations = new Set();
document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  violations.add(effectiveDirective);
});
let ran = false;
globalThis.run = () => {
  ran = true;
};
const add = (name, properties) =>
  document.body.append(Object.assign(document.createElement(name), properties));

for (const offence of [
  () => add("style", { textContent: "body { color: red }" }),
  () => add("img", { src: "http://127.0.0.1:9/x.png" }),
  () => add("iframe", { src: location.href }),
  () => add("base", { href: "http://evil.example/" }),
  () => document.body.setAttribute("style", "color: red"),
  () => document.body.insertAdjacentHTML("beforeend", "<b>x</b>"),
  () => add("script", { text: "run()" }),
  // biome-ignore lint/security/noGlobalEval: it is to be blocked
  () => eval("run()"),
  () => setTimeout("run()"),
  () => document.body.setAttribute("onclick", "run()"),
  () => document.body.click(),
  () => trustedTypes.createPolicy("any", {}),
]) {
  try {
    offence();
  } catch {}
}
await fetch("http://127.0.0.1:9/").catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 100));
const result = document.createElement("pre");
result.textContent = JSON.stringify({ violations: [...violations].sort(), ran });
document.body.append(result);
