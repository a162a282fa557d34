/** What is asked of a voice of the browser (`SpeechSynthesisVoice`). */
export interface Voice {
  /** BCP 47; some systems write `kk_KZ`. */
  readonly lang: string;
  /** Whether it speaks on this computer. */
  readonly localService: boolean;
  readonly default: boolean;
}

/**
 * The voice for a language: the one that the system prefers, else the first; null when there is none.
 *
 * Only voices of this computer are taken. Others are services: they would send the text to somebody else's server, and what is
 * read at a desk tells that somebody there has tested positive, or was exposed.
 */
export function voiceFor<V extends Voice>(voices: readonly V[], language: string): V | null {
  const fit = voices.filter(
    (voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language,
  );
  return fit.find((voice) => voice.default) ?? fit[0] ?? null;
}
