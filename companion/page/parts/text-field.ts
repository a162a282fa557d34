/** Whether what is typed onto an element stays in it, or chooses something in it. */
export const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button])");
