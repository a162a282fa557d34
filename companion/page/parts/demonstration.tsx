import { useEffect } from "preact/hooks";
import { useWords } from "../words.tsx";

/**
 * The place beside the page where a demonstration shows its tokens. What fills it comes with the demonstration, which is no part of
 * the page.
 */
export function DemonstrationPanel() {
  const { t } = useWords();
  useEffect(() => {
    if (document.querySelector("script[src='demo/panel.js']")) return;
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = "demo/panel.css";
    const script = document.createElement("script");
    script.type = "module";
    script.src = "demo/panel.js";
    document.head.append(styles, script);
  }, []);
  return <aside id="demonstration" aria-label={t("shell.demonstrationPanel")} />;
}
