import { useEffect } from "preact/hooks";
import { useWords } from "../words.tsx";

/**
 * The place beside the page where a demonstration shows its tokens. What fills it comes with the demonstration, which is no part of
 * the page.
 */
export function DemonstrationPanel() {
  const { t } = useWords();
  useEffect(() => {
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = "demo/panel.css";
    document.head.append(styles);
    // An address that is not bundled.
    void import(new URL("demo/panel.js", document.baseURI).href);
  }, []);
  return <aside id="demonstration" aria-label={t("shell.demonstrationPanel")} />;
}
