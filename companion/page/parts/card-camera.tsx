import { useEffect, useRef, useState } from "preact/hooks";
import { isCard } from "../scanner.ts";
import { useWords } from "../words.tsx";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** Milliseconds from one picture to the next: somebody who brings a card into place does not notice them. */
const INTERVAL = 120;
/** Pixels of a picture's longer side. A card's code has 37 squares a side; more pixels only take longer. */
const MOST_PIXELS = 800;

interface Props {
  /** Gets the text of a card's code, once. */
  readonly onCode: (code: string) => void;
  readonly onClose: () => void;
}

type CameraState = "starting" | "on" | "refused" | "missing";

/**
 * Reads a card with this computer's camera. The camera is switched off as soon as a card was read, and when this goes away.
 * Pictures are looked at in memory, one at a time, and never kept.
 */
export function CardCamera({ onCode, onClose }: Props) {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>("starting");
  const [mirrored, setMirrored] = useState(false);

  useEffect(() => {
    const ended = new AbortController();
    watchCamera(video.current!, ended.signal, (stream) => {
      // Who sees their own hand wants to see it as in a mirror.
      setMirrored(stream.getVideoTracks()[0]?.getSettings().facingMode !== "environment");
      setState("on");
    }).then(
      (code) => code !== null && onCode(code),
      (error: unknown) =>
        !ended.signal.aborted && setState(isRefusal(error) ? "refused" : "missing"),
    );
    return () => ended.abort();
  }, []);

  const failed = state === "refused" || state === "missing";
  return (
    <div class="panel camera">
      <h2>{t("camera.title")}</h2>
      {failed ? (
        <Notice kind="failure">
          <p>{t(`camera.${state}`)}</p>
        </Notice>
      ) : (
        <>
          <div class="camera-picture">
            <video ref={video} class={mirrored ? "mirrored" : undefined} muted playsInline />
            <div class="camera-frame" aria-hidden="true" />
          </div>
          <p class="hint" role="status">
            {t(state === "on" ? "camera.hint" : "camera.starting")}
          </p>
        </>
      )}
      <div class="actions">
        <Button onClick={onClose}>{t("shell.close")}</Button>
      </div>
    </div>
  );
}

/**
 * Looks through the camera until it sees a card.
 *
 * @returns the card's code; null when it was ended before
 * @throws what `getUserMedia` throws
 */
async function watchCamera(
  video: HTMLVideoElement,
  ended: AbortSignal,
  onStream: (stream: MediaStream) => void,
): Promise<string | null> {
  // Whoever does not use the camera does not load the decoder.
  const [{ default: decodeQR }, stream] = await Promise.all([
    import("qr/decode.js"),
    navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
    }),
  ]);
  try {
    if (ended.aborted) return null;
    onStream(stream);
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    while (!ended.aborted) {
      const { videoWidth, videoHeight } = video;
      const scale = Math.min(1, MOST_PIXELS / Math.max(videoWidth, videoHeight));
      canvas.width = Math.round(videoWidth * scale);
      canvas.height = Math.round(videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const text = textIn(context.getImageData(0, 0, canvas.width, canvas.height), decodeQR);
      if (text && isCard(text)) return text;
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
    return null;
  } finally {
    video.srcObject = null;
    for (const track of stream.getTracks()) track.stop();
  }
}

function textIn(image: ImageData, decodeQR: typeof import("qr/decode.js").default): string | null {
  try {
    return decodeQR(image);
  } catch {
    // There is no code in this picture.
    return null;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotAllowedError";
}
