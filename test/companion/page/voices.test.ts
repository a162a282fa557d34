import { expect, test } from "vitest";
import { type Voice, voiceFor } from "../../../companion/page/parts/voices.ts";

const voice = (lang: string, localService = true, isDefault = false): Voice => ({
  lang,
  localService,
  default: isDefault,
});

test("a voice of the language is taken, however its name is written", () => {
  expect(voiceFor([voice("en-US"), voice("kk-KZ")], "kk")?.lang).toBe("kk-KZ");
  expect(voiceFor([voice("kk_KZ")], "kk")?.lang).toBe("kk_KZ");
  expect(voiceFor([voice("RU")], "ru")?.lang).toBe("RU");
});

test("a voice that would send the text to a server is never taken", () => {
  expect(voiceFor([voice("kk-KZ", false)], "kk")).toBeNull();
  expect(voiceFor([voice("ru-RU", false, true), voice("ru-RU")], "ru")?.localService).toBe(true);
});

test("the one that the system prefers comes first", () => {
  expect(voiceFor([voice("ru-BY"), voice("ru-RU", true, true)], "ru")?.lang).toBe("ru-RU");
});

test("another language's voice does not read what it cannot", () => {
  expect(voiceFor([voice("ru-RU"), voice("kab-DZ")], "kk")).toBeNull();
});
