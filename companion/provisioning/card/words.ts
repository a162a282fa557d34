/**
 * What is printed on a token's card, in the languages of its wearers: short sentences in everyday words.
 *
 * @module
 */
import {
  PAUSE_PRESS_SECONDS,
  type SIGNALS,
  SYNC_PRESS_SECONDS,
} from "../../../protocol/signals.ts";
import type { Language } from "../../languages.ts";

/** The words of a card. */
export interface CardWords {
  /** What the token is. */
  readonly subtitle: string;
  /** Stands before the serial number. */
  readonly serial: string;
  readonly signalsTitle: string;
  /** What each signal means. */
  readonly signals: Readonly<Record<keyof typeof SIGNALS, string>>;
  /** The names of the lights' colours: red, green, blue. */
  readonly colours: readonly [red: string, green: string, blue: string];
  readonly buttonTitle: string;
  /** What the button does: what the wearer does, and what happens then. */
  readonly button: readonly (readonly [press: string, effect: string])[];
  /** What to do with the card. */
  readonly footer: string;
}

/** The words of each language. */
export const CARD_WORDS: Readonly<Record<Language, CardWords>> = {
  kk: {
    subtitle: "Сізге дер кезінде ескертетін жетон",
    serial: "Жетон №",
    signalsTitle: "Шам нені білдіреді",
    signals: {
      on: "Жетон қосулы, жұмыс істеп тұр.",
      paused: "Жетон уақытша тоқтатылған, қазір жұмыс істемейді.",
      exposure: "Ауру адамның қасында болғансыз: емхананың кеңесін орындаңыз.",
      needsDesk: "Жетонды емханаға алып келіңіз.",
      lowBattery: "Батарея таусылып барады: емханада ауыстырып алыңыз.",
    },
    colours: ["қызыл", "жасыл", "көк"],
    buttonTitle: "Түйме",
    button: [
      ["Қысқа басу", "Шам жетонның күйін көрсетеді."],
      [`${SYNC_PRESS_SECONDS} секунд басып тұру`, "Көк шам жанады: енді емхана жетонды оқи алады."],
      [`${PAUSE_PRESS_SECONDS} секунд басып тұру`, "Жетон тоқтай тұрады немесе қайта қосылады."],
    ],
    footer:
      "Карточканы сақтаңыз, емханаға жетонмен бірге ала келіңіз. Шаршы кодты басқа ешкімге көрсетпеңіз.",
  },
  ru: {
    subtitle: "Жетон, который вовремя вас предупредит",
    serial: "Жетон №",
    signalsTitle: "О чём говорит огонёк",
    signals: {
      on: "Жетон включён и работает.",
      paused: "Жетон приостановлен и сейчас не работает.",
      exposure: "Вы были рядом с заболевшим: следуйте советам поликлиники.",
      needsDesk: "Принесите жетон в поликлинику.",
      lowBattery: "Батарейка садится. Попросите заменить её в поликлинике.",
    },
    colours: ["красный", "зелёный", "синий"],
    buttonTitle: "Кнопка",
    button: [
      ["Коротко нажать", "Огонёк покажет, в каком состоянии жетон."],
      [
        `Держать ${SYNC_PRESS_SECONDS} секунды`,
        "Загорится синий свет: поликлиника сможет прочитать жетон.",
      ],
      [`Держать ${PAUSE_PRESS_SECONDS} секунд`, "Жетон приостановится или снова начнёт работать."],
    ],
    footer:
      "Берегите карточку и приносите её в поликлинику вместе с жетоном. Никому другому не показывайте квадратный код.",
  },
  en: {
    subtitle: "The token that warns you in time",
    serial: "Token No.",
    signalsTitle: "What the light tells you",
    signals: {
      on: "The token is switched on and working.",
      paused: "The token is paused and not working now.",
      exposure: "You were close to someone ill: follow the clinic's advice.",
      needsDesk: "Please bring the token to the clinic.",
      lowBattery: "The battery is running low. Have it changed at the clinic.",
    },
    colours: ["red", "green", "blue"],
    buttonTitle: "The button",
    button: [
      ["Press briefly", "The light shows the token's state."],
      [
        `Hold for ${SYNC_PRESS_SECONDS} seconds`,
        "The blue light comes on: the clinic can read the token.",
      ],
      [`Hold for ${PAUSE_PRESS_SECONDS} seconds`, "The token pauses, or works again."],
    ],
    footer:
      "Keep this card, and bring it to the clinic together with the token. Show the square code to nobody else.",
  },
};
