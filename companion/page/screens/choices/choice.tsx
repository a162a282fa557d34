import { Button } from "../../parts/button.tsx";

interface Props {
  readonly title: string;
  /** Its consequences. */
  readonly text: string;
  readonly hint?: string;
  /** What the button says. */
  readonly action: string;
  /** Whether it is what most come here for. */
  readonly isNext?: boolean;
  /** Whether it cannot be undone. */
  readonly isFinal?: boolean;
  readonly onChoose: () => void;
}

/** One of the things a wearer may choose, with what comes of it. */
export function Choice(props: Props) {
  const { title, text, hint, action, isNext = false, isFinal = false, onChoose } = props;
  return (
    <section class="panel choice">
      <h2>{title}</h2>
      <p>{text}</p>
      {hint && <p class="hint">{hint}</p>}
      <div class="actions">
        <Button kind={isFinal ? "danger" : isNext ? "primary" : "secondary"} onClick={onChoose}>
          {action}
        </Button>
      </div>
    </section>
  );
}
