/**
 * @module
 */

/** Somebody's minutes with somebody else. */
export interface Tie {
  readonly a: number;
  readonly b: number;
  readonly minutes: number;
}

/** Persons with company of their own, and how strongly they are tied to each other cluster (by its place). */
interface Cluster {
  readonly persons: readonly number[];
  readonly ties: Map<number, number>;
}

/**
 * Orders persons so that those who are much together stand side by side: average linkage (Sokal and Michener, 1958) on the
 * logarithm of minutes, where of two clusters that become one those ends meet that are tied most.
 *
 * @param persons - at most some hundreds: it takes the square of their number and more
 */
export function personOrder(persons: readonly number[], ties: readonly Tie[]): number[] {
  const weights = new Map<number, Map<number, number>>(persons.map((each) => [each, new Map()]));
  for (const { a, b, minutes } of ties) {
    weights.get(a)?.set(b, Math.log1p(minutes));
    weights.get(b)?.set(a, Math.log1p(minutes));
  }
  const tie = (a: number, b: number): number => weights.get(a)?.get(b) ?? 0;

  const clusters = new Map<number, Cluster>();
  for (const [place, person] of persons.entries()) {
    const others = persons.map((other, index) => [index, tie(person, other)] as const);
    const tied = others.filter(([index, weight]) => index !== place && weight > 0);
    clusters.set(place, { persons: [person], ties: new Map(tied) });
  }
  for (let pair = closest(clusters); pair; pair = closest(clusters)) merge(clusters, pair, tie);
  const largestFirst = [...clusters.values()].sort((a, b) => b.persons.length - a.persons.length);
  return largestFirst.flatMap((cluster) => cluster.persons);
}

function closest(clusters: ReadonlyMap<number, Cluster>): [number, number] | undefined {
  let best: [number, number] | undefined;
  let most = 0;
  for (const [a, { persons, ties }] of clusters) {
    for (const [b, sum] of ties) {
      const mean = sum / (persons.length * clusters.get(b)!.persons.length);
      if (a < b && mean > most) {
        most = mean;
        best = [a, b];
      }
    }
  }
  return best;
}

function merge(
  clusters: Map<number, Cluster>,
  [a, b]: readonly [number, number],
  tie: (a: number, b: number) => number,
): void {
  const first = clusters.get(a)!;
  const second = clusters.get(b)!;
  const ties = new Map(first.ties);
  for (const [other, sum] of second.ties) ties.set(other, (ties.get(other) ?? 0) + sum);
  ties.delete(a);
  ties.delete(b);
  clusters.delete(b);
  clusters.set(a, { persons: joined(first.persons, second.persons, tie), ties });
  for (const [other, sum] of ties) {
    const { ties: theirs } = clusters.get(other)!;
    theirs.delete(b);
    theirs.set(a, sum);
  }
}

function joined(
  first: readonly number[],
  second: readonly number[],
  tie: (a: number, b: number) => number,
): number[] {
  const ways = [first, [...first].reverse()].flatMap((left) =>
    [second, [...second].reverse()].map((right) => ({
      persons: [...left, ...right],
      meeting: tie(left.at(-1)!, right[0]!),
    })),
  );
  return ways.reduce((best, way) => (way.meeting > best.meeting ? way : best)).persons;
}
