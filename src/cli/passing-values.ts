import { randomUUID } from 'node:crypto';
import type { RenderWorld } from '../core/render-world.ts';

/** What charts generate, for the time of one command: really random, the same in each of its renders, kept nowhere. */
export function passingValues(): Pick<RenderWorld, 'generated' | 'keep'> {
  const seed = randomUUID();
  const kept: Record<string, string> = Object.create(null) as Record<string, string>;
  return {
    generated: async () => ({ seed, kept }),
    keep: async (made) => ({ seed, kept: Object.assign(kept, made) }),
  };
}
