/**
 * Pages that the desk's server writes itself, for people who came to a wrong address. Without style or script, in all
 * three languages, because nobody has chosen one yet.
 *
 * @module
 */
import type { Language } from "../languages.ts";

/** For every address that is not the desk's; it gives nothing away but that a desk is here. */
export const UNKNOWN_ADDRESS = page({
  kk: "Бұл мекенжайда бет жоқ. saqbol desk бағдарламасы көрсеткен мекенжайды ашыңыз.",
  ru: "По этому адресу страницы нет. Откройте адрес, который показала программа saqbol desk.",
  en: "There is no page at this address. Open the address that saqbol desk shows.",
});

/** For a one-time address that was used, or is too old. */
export const SPENT_ADDRESS = page({
  kk: "Бұл мекенжай бір рет қана, бір минут ішінде ашылады. saqbol desk бағдарламасы көрсеткен мекенжайды ашыңыз. Егер бұл бет бірден, сіз ештеңе ашпай тұрып шықса, saqbol desk бағдарламасын тоқтатып, қайта қосыңыз.",
  ru: "Этот адрес открывается только один раз и только в течение минуты. Откройте адрес, который показала программа saqbol desk. Если эта страница появилась сразу, хотя вы ещё ничего не открывали, остановите saqbol desk и запустите снова.",
  en: "This address opens only once, and only within a minute. Open the address that saqbol desk shows. If this page came up at once, before you had opened anything, stop saqbol desk and start it again.",
});

function page(words: Readonly<Record<Language, string>>): string {
  const paragraphs = Object.entries(words).map(([lang, text]) => `<p lang="${lang}">${text}</p>`);
  return `<!doctype html>
<html lang="kk">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Saqbol</title>
</head>
<body>
${paragraphs.join("\n")}
</body>
</html>
`;
}
