import { useWords } from "../words.tsx";
import { Notice } from "./notice.tsx";

/** A failure in the page's language: `failures.<code>`, or one sentence for all that have none. */
export function FailureNotice({ code }: { readonly code: string }) {
  const { t, has } = useWords();
  const key = `failures.${code}`;
  return (
    <Notice kind="failure">
      <p>{has(key) ? t(key) : t("failures.other", { code })}</p>
    </Notice>
  );
}
