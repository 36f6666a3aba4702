// Shapes of areas that were pointed at, so that each is asked for once.

import { getAreaShape, type AreaRef } from './areas';
import type { Shape } from './place-style';

const most = 500;

export class ShapeStore {
  #shapes = new Map<string, Promise<Shape>>();

  of({ level, id }: Pick<AreaRef, 'level' | 'id'>): Promise<Shape> {
    const key = `${level} ${id}`;
    const known = this.#shapes.get(key);
    if (known) return known;
    if (this.#shapes.size >= most) this.clear();
    const asked = getAreaShape({ level, id });
    this.#shapes.set(key, asked);
    asked.catch(() => this.#shapes.delete(key));
    return asked;
  }

  clear(): void {
    this.#shapes.clear();
  }
}
