import type { DemoSlip, DemoToken, Press, TokenName } from "../demo-state.ts";

/** Languages of the desk's page, whose choice the panel follows. */
export type PanelLanguage = "kk" | "ru" | "en";

/** The panel's words in one language. */
export interface PanelWords {
  readonly title: string;
  readonly about: string;
  readonly wearers: string;
  readonly card: (name: TokenName) => string;
  readonly token: (name: TokenName) => string;
  readonly story: Readonly<Record<DemoToken["story"], string>>;
  readonly scan: string;
  readonly scanCard: (name: TokenName) => string;
  readonly button: Readonly<Record<Press, string>>;
  readonly lights: Readonly<Record<"red" | "green" | "blue" | "none", string>>;
  readonly replace: string;
  readonly laboratory: string;
  readonly laboratoryHint: string;
  readonly scanSlip: (kind: string) => string;
  readonly slip: Readonly<Record<DemoSlip["kind"], string>>;
  readonly noField: string;
  readonly gone: string;
}

/** All languages. */
export const WORDS: Readonly<Record<PanelLanguage, PanelWords>> = {
  kk: {
    title: "Демонстрация",
    about:
      "Мұндағы жетондар, адамдар және зертхана шынайы емес, ал «Сақбол» қабылдау орнының бағдарламасы — шынайы. Жарияланған кілттер мұнда бірден беріледі, ал шынайы серверде — бірнеше сағаттан кейін.",
    wearers: "Карточкалар мен жетондар",
    card: (name) => `${name} карточкасы`,
    token: (name) => `${name} жетоны`,
    story: {
      met: "Ауруы анықталған адаммен үш рет жақын болған. Жетонын тексеріңіз.",
      positive:
        "Тесті оң. Зертхана қағазы бойынша кілттерін жариялаңыз, содан кейін A жетонын тағы тексеріңіз.",
      new: "Жаңа жетон, әлі бірде-бір рет қосылмаған: алғашқы келу.",
    },
    scan: "Сканерлеу",
    scanCard: (name) => `${name} карточкасын сканерлеу`,
    button: {
      short: "Қысқа басу",
      hold: "3 секунд басып тұру",
      pause: "10 секунд басып тұру",
    },
    lights: { red: "қызыл шам", green: "жасыл шам", blue: "көк шам", none: "шам жанып тұрған жоқ" },
    replace: "Тартпадан жаңа жетон алу",
    laboratory: "Зертхана қағаздары",
    laboratoryHint: "Алдымен беттегі код өрісін басыңыз, содан кейін қағазды сканерлеңіз.",
    scanSlip: (kind) => `Қағазды сканерлеу: ${kind}`,
    slip: {
      positive: "Оң",
      negative: "Теріс",
      pending: "Дайын емес",
      invalid: "Жарамсыз сынама",
      redeemed: "Пайдаланылған",
      unknown: "Белгісіз код",
    },
    noField: "Бетте код өрісі жоқ: алдымен «Тест нәтижесі» бөлімін ашыңыз.",
    gone: "Демонстрация аяқталды.",
  },
  ru: {
    title: "Демонстрация",
    about:
      "Жетоны, люди и лаборатория здесь ненастоящие, а программа стойки — настоящая. Опубликованные ключи здесь выдаются сразу, а на настоящем сервере — через несколько часов.",
    wearers: "Карточки и жетоны",
    card: (name) => `Карточка ${name}`,
    token: (name) => `Жетон ${name}`,
    story: {
      met: "Трижды был рядом с человеком, у которого обнаружили инфекцию. Проверьте жетон.",
      positive:
        "Тест положительный. Опубликуйте ключи по листку лаборатории, потом снова проверьте жетон A.",
      new: "Новый жетон, его ещё ни разу не включали: первый визит.",
    },
    scan: "Сканировать",
    scanCard: (name) => `Сканировать карточку ${name}`,
    button: {
      short: "Нажать",
      hold: "Держать 3 секунды",
      pause: "Держать 10 с",
    },
    lights: {
      red: "горит красный",
      green: "горит зелёный",
      blue: "горит синий",
      none: "огонёк не горит",
    },
    replace: "Взять новый жетон из ящика",
    laboratory: "Листки лаборатории",
    laboratoryHint: "Сначала щёлкните по полю для кода, затем сканируйте листок.",
    scanSlip: (kind) => `Сканировать листок: ${kind}`,
    slip: {
      positive: "Положительный",
      negative: "Отрицательный",
      pending: "Ещё не готов",
      invalid: "Проба не годится",
      redeemed: "Уже использован",
      unknown: "Неизвестный код",
    },
    noField: "На странице нет поля для кода: сначала откройте «Результат теста».",
    gone: "Демонстрация завершена.",
  },
  en: {
    title: "Demonstration",
    about:
      "Tokens, people and laboratory are simulated here; the desk itself is the real program. Published keys are given out at once, where a real server does so some hours later.",
    wearers: "Cards and tokens",
    card: (name) => `Card ${name}`,
    token: (name) => `Token ${name}`,
    story: {
      met: "Was near an infected person three times. Check the token.",
      positive:
        "The test was positive. Share with the laboratory's slip, then check token A again.",
      new: "A new token, never switched on: a first visit.",
    },
    scan: "Scan",
    scanCard: (name) => `Scan card ${name}`,
    button: {
      short: "Press",
      hold: "Hold for 3 seconds",
      pause: "Hold for 10 s",
    },
    lights: {
      red: "red light",
      green: "green light",
      blue: "blue light",
      none: "no light",
    },
    replace: "Take a new token from the drawer",
    laboratory: "The laboratory's slips",
    laboratoryHint: "Click into the field for the code first, then scan a slip.",
    scanSlip: (kind) => `Scan the slip: ${kind}`,
    slip: {
      positive: "Positive",
      negative: "Negative",
      pending: "Not ready yet",
      invalid: "Sample not usable",
      redeemed: "Already used",
      unknown: "Unknown code",
    },
    noField: "There is no field for a code on the page: open “Test result” first.",
    gone: "The demonstration has ended.",
  },
};
