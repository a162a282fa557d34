/**
 * What can be asked of a desk, and what there is to see of it: the one interface of the page, which uses it over HTTP, and of
 * the command line, which uses it in its own process. Types only, so that the page does not carry the companion with it.
 *
 * @module
 */

/**
 * The desk's actions. Each fails with a `Failure` (over HTTP: `{"error":{"code","message"}}`), and leaves things whole, so that it can
 * be tried again. One at a time: another one meanwhile fails with `busy`, and on a locked desk with `desk-locked`; {@link DeskApi.finish}
 * does not, and the action that it ends fails with `visit-ended`.
 */
export interface DeskApi {
  /**
   * Begins a visit: finds the token of a card and reads its state. A visit that was open ends, but for that of the same card, which
   * goes on: so that the token can be looked for again. A test that was looked up before any visit stays.
   *
   * @throws Failure `card-code-malformed`, and those of radio and token
   */
  begin(input: { readonly card: string }): Promise<StatusView>;
  /**
   * Checks the token's log against the published keys, sets its clock and writes the result to it.
   *
   * @throws Failure `no-visit`, `exports-not-connected`, those of the download, and those of the token
   */
  check(input: Nothing): Promise<CheckView>;
  /** Switches a token on, whose wearer has agreed to contact detection just now; sets its clock. */
  enrol(input: Nothing): Promise<StatusView>;
  /** Stops contact detection until it is resumed. @throws Failure `never-on` */
  pause(input: Nothing): Promise<StatusView>;
  /** Goes on after {@link DeskApi.pause}. @throws Failure `consent-missing` on a token that is off */
  resume(input: Nothing): Promise<StatusView>;
  /**
   * Erases keys, log and result. `off`: the wearer takes the consent back, and the token stays silent; `on`: the wearer
   * still agrees, and the token begins anew.
   */
  erase(input: { readonly afterwards: "off" | "on" }): Promise<StatusView>;
  /** Records on the token that its wearer knows of the exposure, so that it need not remind any more. */
  acknowledge(input: Nothing): Promise<StatusView>;
  /**
   * Looks a test up; needs no token. An earlier look-up is forgotten.
   *
   * @param input - 10 digits
   * @throws Failure `code-malformed`, `code-unknown`, `laboratories-not-connected`, and those of the server
   */
  lookUp(input: { readonly code: string }): Promise<TestView>;
  /**
   * Publishes the token's keys, with the wearer's consent given just now. With the test that was looked up; where the servers
   * work with codes of the health authority ({@link DeskSetUp.publishing}), with that code.
   *
   * @throws Failure `no-visit`, `publishing-not-connected`, `test-missing`, `onset-invalid`, `since-invalid`, and those of `shareVisit`
   */
  share(input: ShareInput): Promise<PublishedView>;
  /**
   * Ends the visit, whatever is going on, and forgets all of it. Calls that a publication has begun are made to their end, but no failed
   * upload is repeated then; what came of it nobody learns.
   */
  finish(input: Nothing): Promise<Nothing>;
  /** Opens a locked desk with the card of the visit that is open. @throws Failure `card-code-malformed`, `wrong-card` */
  unlock(input: { readonly card: string }): Promise<Nothing>;
}

/** No field. */
export type Nothing = Readonly<Record<never, never>>;

/** Names of {@link DeskApi}'s actions. */
export type ActionName = keyof DeskApi;

/** What is published, and with what. */
export interface ShareInput {
  /** A health authority's code; left out where a looked-up test permits it. */
  readonly code?: string | undefined;
  /** Day on which symptoms began, YYYY-MM-DD, in the last 28 days. */
  readonly symptomOnset?: string | undefined;
  /** Whether the wearer was outside of the server's region. */
  readonly traveler?: boolean | undefined;
  /** Only keys of this day, YYYY-MM-DD, and later: when older ones were published at an earlier visit. */
  readonly since?: string | undefined;
}

/** All there is to see of a desk at a moment. Nothing in it says whose token it is, or where. */
export interface DeskView {
  readonly setUp: DeskSetUp;
  readonly publishedKeys: PublishedKeysView;
  /** Whether nobody has touched the desk for a while. Then there is nothing to see of the visit. */
  readonly locked: boolean;
  /** What is going on; null when nothing is. */
  readonly activity: Activity | null;
  /** Why the last action failed; null after one that did not, and when another has begun. */
  readonly failure: FailureView | null;
  /** Null before the first card, after {@link DeskApi.finish}, and while the desk is locked. */
  readonly visit: VisitView | null;
  /** The test that was looked up; null without one, and while the desk is locked. */
  readonly test: TestView | null;
}

/** What the settings connect a desk with. */
export interface DeskSetUp {
  /** Whether published keys can be downloaded, so that tokens can be checked. */
  readonly exports: boolean;
  /** Whether tests can be looked up. */
  readonly testResults: boolean;
  /** What permits publishing; null where nothing can be published. */
  readonly publishing: "registration-token" | "verification-code" | null;
  /** Whether tokens and servers are simulated, for people who try the desk. */
  readonly demonstration: boolean;
}

/** How current the published keys on this computer are. */
export interface PublishedKeysView {
  /** Unix seconds of the last complete download; null before. */
  readonly updatedAt: number | null;
}

/** What a desk is busy with, and how far it is. */
export interface Activity {
  readonly action: ActionName;
  readonly step: ActivityStep;
  /** How much of the step is done, 0..1; null when that cannot be told. */
  readonly done: number | null;
  /** Whether a token was found that is not the card's. */
  readonly otherTokenNear: boolean;
  /** Whether the connection was lost, so that the token is looked for again. */
  readonly connectionLost: boolean;
  /** Seconds after which a call that a server could not take is made again; null when none waits. */
  readonly serverPause: number | null;
}

/**
 * Steps of actions: waiting for the token's button; talking to it; downloading published keys; reading the token's log;
 * comparing it with the keys; writing to the token; asking for a test; publishing.
 */
export type ActivityStep =
  | "searching"
  | "connected"
  | "updating-keys"
  | "reading-log"
  | "comparing"
  | "writing"
  | "asking"
  | "publishing";

/** A `Failure`, and what it was that failed. */
export interface FailureView {
  readonly action: ActionName;
  readonly code: string;
  /** One English sentence, for a code that a page has no words for. */
  readonly message: string;
}

/** A wearer's visit. */
export interface VisitView {
  /** Of the token; null until it was read for the first time. */
  readonly status: StatusView | null;
  /** Null until the log was checked. */
  readonly check: CheckView | null;
  /** Null until keys were published in this visit. */
  readonly published: PublishedView | null;
}

/** State of a token when it was last read. */
export interface StatusView {
  readonly state: "off" | "on" | "paused";
  /** 0..100. */
  readonly batteryPercent: number;
  /** Whether it lasts about two weeks at most. */
  readonly batteryLow: boolean;
  /** How many calls of its radio and flash failed since it was started; 255: so many or more. */
  readonly failures: number;
  /** How often it hung and its watchdog restarted it, since it was flashed or erased; 255: so often or more. */
  readonly restarts: number;
  /** Whether the clock was ever set. */
  readonly clockSet: boolean;
  /** Whether the clock was never set, or was lost with the battery. */
  readonly clockDoubtful: boolean;
  /** How far the token's clock was ahead of this computer's; null when it was never set. */
  readonly clockErrorSeconds: number | null;
  /** Whether meetings of the least risk were left out because the log was full. */
  readonly logFull: boolean;
  /** Whether there is anything in the log. */
  readonly logEmpty: boolean;
  /** When a desk checked it last, Unix seconds of the beginning of that ten minutes' interval; null when none did. */
  readonly lastCheck: number | null;
  /** What the token knows of an exposure. */
  readonly exposure: TokenExposureView;
}

/** Result of a check as a token keeps it. */
export interface TokenExposureView {
  readonly level: Level;
  /** UTC day, YYYY-MM-DD; null without an exposure. */
  readonly date: string | null;
  readonly minutes: number;
  /** In dB. */
  readonly attenuationDb: number;
  /** Whether a desk has noted that the wearer knows. */
  readonly acknowledged: boolean;
}

export type Level = "none" | "low" | "high";

/** Result of a check. */
export interface CheckView {
  /** Unix seconds. */
  readonly checkedAt: number;
  readonly level: Level;
  /** Days with an exposure, the latest first. */
  readonly days: readonly ExposureDayView[];
  /** What the clerk should know besides. */
  readonly warnings: readonly ("log-full" | "clock-doubtful" | "battery-low")[];
  /** An English sentence for each of them. */
  readonly warningSentences: readonly string[];
  /** How many records were checked. */
  readonly encounters: number;
  /** By how much the clock was set ahead in this visit, or back when negative; null on its first setting. */
  readonly clockCorrectionSeconds: number | null;
  /** When a desk had checked the token before this visit, Unix seconds; null when none had. */
  readonly previousCheck: number | null;
}

/** What a wearer is told about a day. */
export interface ExposureDayView {
  /** UTC day, YYYY-MM-DD. */
  readonly date: string;
  readonly level: "low" | "high";
  readonly minutes: number;
  /** Mean attenuation in dB: the smaller, the nearer. */
  readonly attenuationDb: number;
}

/** A test that was looked up. */
export interface TestView {
  readonly result: "pending" | "negative" | "positive" | "invalid" | "redeemed";
}

/** What a publication achieved. */
export interface PublishedView {
  /** Keys that the server stored; null when the answer that said so was lost. */
  readonly inserted: number | null;
  /** Keys that the server refused, and keys that it left out as too far from the onset of symptoms. */
  readonly refused: number;
  /** Which ones it refused, in the token's order from 1. */
  readonly refusedPositions: readonly number[];
  readonly leftOut: number;
}

/** What the health authority has to say to wearers, in one language; a list of paragraphs each. */
export interface Texts {
  /** What to do at each level of risk. */
  readonly advice: Readonly<Record<Level, readonly string[]>>;
  /** What to do after a positive test. */
  readonly advicePositive: readonly string[];
  /** What is recorded, for how long, and how to stop: read before contact detection is switched on for the first time. */
  readonly detectionConsent: readonly string[];
  /** What publishing the keys means, and that it cannot be taken back: read before it. */
  readonly sharingConsent: readonly string[];
  /** Whom to ask for help. */
  readonly help: readonly string[];
}
