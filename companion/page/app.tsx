/**
 * The frame of all screens, and which of them is shown.
 *
 * @module
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ActionName, DeskView, FailureView } from "../desk/desk-api.ts";
import type { Language } from "../languages.ts";
import { loadStrip } from "./chart/strip-chart.tsx";
import { watchDesk } from "./desk-client.ts";
import { DemonstrationPanel } from "./parts/demonstration.tsx";
import { Header, type Place } from "./parts/header.tsx";
import { Notice } from "./parts/notice.tsx";
import { Screen } from "./parts/screen.tsx";
import { useAttendance } from "./parts/use-attendance.ts";
import { useLasting } from "./parts/use-lasting.ts";
import { useScannedCard } from "./parts/use-scanned-card.ts";
import { BeginFailedScreen } from "./screens/begin-failed.tsx";
import { ChoicesScreen } from "./screens/choices/choices-screen.tsx";
import { FirstVisitScreen } from "./screens/first-visit.tsx";
import { InformationScreen } from "./screens/information/information-screen.tsx";
import { LockedScreen } from "./screens/locked.tsx";
import { ProgressScreen } from "./screens/progress.tsx";
import { ResultScreen } from "./screens/result.tsx";
import { StartScreen } from "./screens/start.tsx";
import { TestScreen } from "./screens/test/test-screen.tsx";
import { useVisit, type Visit } from "./use-visit.ts";
import { firstLanguage, loadWords, useWords, type Words, WordsProvider } from "./words.tsx";

/** The whole page. */
export function App() {
  const [words, setWords] = useState<Words | null>(null);
  const [view, setView] = useState<DeskView | null | undefined>();
  const wanted = useRef(firstLanguage());
  const speak = (language: Language): void => {
    wanted.current = language;
    void loadWords(language).then((loaded) => {
      if (language !== wanted.current) return;
      document.documentElement.lang = language;
      setWords(loaded);
    });
  };
  useEffect(() => speak(wanted.current), []);
  useEffect(() => watchDesk(setView), []);
  // After the first screen was drawn, so that the chart is there when it is wanted.
  useEffect(() => {
    if (view?.setUp.exports) void loadStrip();
  }, [view?.setUp.exports]);
  if (!words || view === undefined) return null;
  return (
    <WordsProvider value={words}>
      <Desk view={view} onLanguage={speak} />
    </WordsProvider>
  );
}

interface DeskProps {
  readonly view: DeskView | null;
  readonly onLanguage: (language: Language) => void;
}

function Desk({ view, onLanguage }: DeskProps) {
  const visit = useVisit(view);
  // A test is still there when the page is loaded again.
  const [place, setPlace] = useState<Place>(view?.test ? "test" : "visit");
  // Counts beginnings, each of which has nothing of what was typed or opened before.
  const [beginning, setBeginning] = useState(0);
  const beginAnew = (): void => {
    setPlace("visit");
    setBeginning((count) => count + 1);
  };
  const isOpen = view !== null && (visit.activity !== null || hasContent(view));
  const wasOpen = useRef(isOpen);
  // Before anything can be typed, which would go with the screen that it was typed into.
  useLayoutEffect(() => {
    // Ended here, in another tab, or because nobody came back.
    if (wasOpen.current && !isOpen && view) beginAnew();
    wasOpen.current = isOpen;
  }, [isOpen]);
  useAttendance(() => {
    if (!isOpen) beginAnew();
  });
  useScannedCard((card) => {
    if (!view || visit.activity) return;
    setPlace("visit");
    void (view.locked ? visit.unlock(card) : visit.begin(card));
  });
  const nextWearer = (): void => void visit.finish();
  // A desk that does not answer for a moment is still the same one.
  const setUp = useRef(view?.setUp);
  if (view) setUp.current = view.setUp;
  const { demonstration = false, testResults = false, publishing = null } = setUp.current ?? {};
  return (
    <>
      <div class="desk">
        <Header
          place={place}
          isOpen={isOpen}
          canLookUp={testResults || publishing !== null}
          onPlace={setPlace}
          onNextWearer={nextWearer}
          onLanguage={onLanguage}
        />
        <main key={beginning}>
          {demonstration && <DemonstrationBanner />}
          {view ? (
            <Current
              view={view}
              visit={visit}
              place={place}
              onPlace={setPlace}
              onNextWearer={nextWearer}
            />
          ) : (
            <Gone />
          )}
        </main>
      </div>
      {demonstration && <DemonstrationPanel />}
    </>
  );
}

// What the next wearer must not see.
function hasContent({ locked, activity, failure, visit, test }: DeskView): boolean {
  return locked || [activity, failure, visit, test].some((each) => each !== null);
}

interface CurrentProps {
  readonly view: DeskView;
  readonly visit: Visit;
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  readonly onNextWearer: () => void;
}

function Current({ view, visit, place, onPlace, onNextWearer }: CurrentProps) {
  const { failure } = view;
  if (view.locked && place !== "information") {
    return (
      <LockedScreen
        failure={of(failure, "unlock")}
        onCard={visit.unlock}
        onNextWearer={onNextWearer}
      />
    );
  }
  const onBack = (): void => onPlace("visit");
  switch (place) {
    case "test":
      return <TestScreen {...{ view, onBack, onNextWearer }} />;
    case "choices":
      return <ChoicesScreen {...{ view, onBack, onNextWearer }} />;
    case "information":
      return <InformationScreen onBack={onBack} />;
    case "visit":
      return <VisitScreens {...{ view, visit, onPlace, onNextWearer }} />;
  }
}

// These leave the result where it is, unless the token has to be looked for.
const BESIDE_THE_RESULT: readonly ActionName[] = ["acknowledge", "resume"];

function VisitScreens({ view, visit, onPlace, onNextWearer }: Omit<CurrentProps, "place">) {
  const { setUp, failure } = view;
  const { activity } = visit;
  const status = view.visit?.status ?? null;
  const [isDismissed, setDismissed] = useState(false);
  useEffect(() => {
    if (activity) setDismissed(false);
  }, [activity]);

  const isLasting = useLasting(activity !== null);
  const isBeside =
    status !== null &&
    activity !== null &&
    activity.step !== "searching" &&
    BESIDE_THE_RESULT.includes(activity.action);
  // Nothing is shown of a token in between.
  if (activity && !isBeside && (isLasting || status)) {
    return <ProgressScreen thenCheck={setUp.exports} activity={activity} onCancel={onNextWearer} />;
  }
  // Another card has to be scanned then.
  const isMisread = failure?.code === "card-code-malformed";
  const tryAgain = failure && !isMisread ? visit.repeat(failure) : null;
  if (!status) {
    const failed = of(failure, "begin");
    if (failed && tryAgain) {
      return <BeginFailedScreen failure={failed} onTryAgain={tryAgain} onCancel={onNextWearer} />;
    }
    return (
      <StartScreen
        view={view}
        failure={failed}
        onCard={visit.begin}
        onTestResult={() => onPlace("test")}
      />
    );
  }
  if (status.state === "off") {
    return (
      <FirstVisitScreen
        failure={of(failure, "enrol")}
        onAgree={visit.enrol}
        onNextWearer={onNextWearer}
      />
    );
  }
  return (
    <ResultScreen
      view={view}
      status={status}
      check={view.visit?.check ?? null}
      doing={activity?.action ?? null}
      failure={isDismissed ? null : of(failure, "begin", "check", "acknowledge", "resume", "enrol")}
      onTryAgain={tryAgain}
      onDismiss={() => setDismissed(true)}
      onCheck={visit.check}
      onAcknowledge={visit.acknowledge}
      onResume={visit.resume}
      onTestResult={() => onPlace("test")}
      onChoices={() => onPlace("choices")}
      onNextWearer={onNextWearer}
    />
  );
}

const of = (failure: FailureView | null, ...actions: readonly ActionName[]): FailureView | null =>
  failure && actions.includes(failure.action) ? failure : null;

function DemonstrationBanner() {
  const { t } = useWords();
  return <p class="banner">{t("shell.demonstration")}</p>;
}

function Gone() {
  const { t } = useWords();
  return (
    <Screen title={t("shell.goneTitle")}>
      <Notice kind="failure">
        <p>{t("shell.gone")}</p>
      </Notice>
    </Screen>
  );
}
