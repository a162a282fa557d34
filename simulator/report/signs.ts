/**
 * Shapes of dots, so that they are told apart by who does not see colours, or on paper without any.
 *
 * @module
 */

// How many corners, by how much of a turn the first is off the top, and how far in every second one is drawn.
const SHAPES = {
  release: { corners: 10, turn: 0, inner: 0.5 },
  length: { corners: 24, turn: 0, inner: 1 },
  period: { corners: 4, turn: 1 / 8, inner: 1 },
  jitter: { corners: 3, turn: 0, inner: 1 },
  company: { corners: 4, turn: 0, inner: 1 },
  spending: { corners: 6, turn: 0, inner: 0.4 },
  nearness: { corners: 3, turn: 1 / 2, inner: 1 },
  solitude: { corners: 8, turn: 0, inner: 0.55 },
  phones: { corners: 5, turn: 0, inner: 1 },
  bound: { corners: 6, turn: 0, inner: 1 },
} as const;

/** What a dot stands for: a family of schedules, or a bound. */
export type Sign = keyof typeof SHAPES;

/** Corners of a shape about the origin, none farther away than 1; y grows downwards. */
export function corners(sign: Sign): [number, number][] {
  const { corners: count, turn, inner } = SHAPES[sign];
  return Array.from({ length: count }, (_, index) => {
    const angle = 2 * Math.PI * (turn + index / count);
    const radius = index % 2 === 1 ? inner : 1;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}
