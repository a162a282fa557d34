import { test } from "vitest";
import { inEachLanguage } from "../support/browser/in-each-language.ts";
import { writeFileSync } from "node:fs";
inEachLanguage((open, language) => {
  if (language !== "ru") return;
  test("x", async () => {
    const bed = await open({ unseen: true });
    await bed.heading("visit.startTitle").waitFor();
    await bed.page.evaluate(`window.keys=[];window.addEventListener("keydown", (e)=>keys.push([e.key,e.code,e.shiftKey,e.target.tagName].join(" ")), true)`);
    await bed.scan("A", "ru");
    await bed.page.waitForTimeout(500);
    console.log(await bed.page.evaluate("keys.slice(0,20).join('; ')+ '...' + keys.slice(-5).join('; ')"), await bed.page.locator("main").innerText());
    await bed.page.screenshot({ path: "/tmp/x.png" });
  });
  test("slip", async () => {
    const bed = await open({ unseen: true });
    await bed.checked("A");
    await bed.page.waitForTimeout(500);
    writeFileSync("/tmp/slip.pdf", await bed.page.pdf({ preferCSSPageSize: true }));
    await bed.page.screenshot({ path: "/tmp/result.png", fullPage: true });
  });
});
