// Which row of a list that never rests holds what. Lit's repeat leaves a marker in the page for each row
// that it takes away (lit-html 3.3.3), thousands a day on a wall: so a row that goes is given to what comes.

export class Seats {
  #taken = new Map<number, number>();

  /** A seat for each id, in their order; an id keeps its seat for as long as it stays. */
  take(ids: readonly number[]): readonly number[] {
    const before = this.#taken;
    const kept = new Set(ids.flatMap((id) => before.get(id) ?? []));
    let free = 0;
    this.#taken = new Map(
      ids.map((id) => {
        const seat = before.get(id);
        if (seat !== undefined) return [id, seat];
        while (kept.has(free)) free++;
        return [id, free++];
      }),
    );
    return [...this.#taken.values()];
  }
}
