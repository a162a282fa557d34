/** The languages of wearers: Kazakh, Russian, English, in the order in which they are offered. */
export const LANGUAGES = ["kk", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
