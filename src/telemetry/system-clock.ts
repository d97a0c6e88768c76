import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../core/ports.ts';

/** The real clock. `monotonic` counts milliseconds since the process started. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (thrown) {
      throw signal?.aborted === true ? signal.reason : thrown;
    }
  },
};
