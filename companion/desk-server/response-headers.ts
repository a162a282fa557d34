/**
 * What every answer of the desk says to the browser, errors too.
 *
 * @module
 */

/**
 * Content-Security-Policy, level 3. Everything comes from the desk itself, nothing is run from text, nobody frames the page, and
 * no form leaves it. Observable Plot puts a `<style>` into its charts, which the page takes out again before the chart is shown; styles
 * that script sets go through the CSSOM, which the policy permits.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/**
 * Features of browsers that the page has no use for. It scans cards with the camera, whose picture plays by itself
 * (`autoplay`).
 */
const FEATURES_OFF = [
  "accelerometer",
  "browsing-topics",
  "captured-surface-control",
  "clipboard-read",
  "clipboard-write",
  "compute-pressure",
  "digital-credentials-create",
  "digital-credentials-get",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "identity-credentials-get",
  "idle-detection",
  "keyboard-map",
  "language-detector",
  "language-model",
  "local-fonts",
  "local-network",
  "magnetometer",
  "microphone",
  "midi",
  "on-device-speech-recognition",
  "otp-credentials",
  "payment",
  "picture-in-picture",
  "private-state-token-issuance",
  "private-state-token-redemption",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "speaker-selection",
  "storage-access",
  "summarizer",
  "sync-xhr",
  "translator",
  "unload",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

/**
 * The headers. There is no `Clear-Site-Data`: nothing is stored that it could clear, and it would clear what other
 * programs on 127.0.0.1 store, since it knows no ports.
 */
export const RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": ["camera=(self)", ...FEATURES_OFF.map((name) => `${name}=()`)].join(", "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
