import type { PublishedView } from "../../../desk/desk-api.ts";
import { Notice } from "../../parts/notice.tsx";
import { useWords } from "../../words.tsx";
import { Finding } from "./finding.tsx";

interface Props {
  readonly published: PublishedView;
  /** Whether it was published with a code of the health authority. */
  readonly withCode: boolean;
}

/** What a publication achieved. */
export function Published({ published, withCode }: Props) {
  const { t } = useWords();
  const { inserted, refused, leftOut } = published;
  return (
    <>
      <Finding
        kind="success"
        title={t("test.publishedTitle")}
        text={
          inserted === null
            ? t("test.publishedUnknown")
            : t("test.publishedCount", { count: inserted })
        }
        next={t("test.publishedNothingMore")}
      >
        <ul class="points">
          <li>{t("test.publishedWhen")}</li>
          <li>{t("test.publishedKept")}</li>
          <li>{t(withCode ? "test.publishedForgottenCode" : "test.publishedForgotten")}</li>
        </ul>
      </Finding>
      {refused > 0 && (
        <Notice kind="caution">
          <p>{t("test.refused", { count: refused })}</p>
        </Notice>
      )}
      {leftOut > 0 && (
        <Notice kind="information">
          <p>{t("test.leftOut", { count: leftOut })}</p>
        </Notice>
      )}
    </>
  );
}
