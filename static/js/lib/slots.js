// Three slots that all tabs of this browser share: a page holds one while it listens to a stream.

const SLOTS = 3;

/** Do the work in a free slot; where none is free, do nothing. */
export const inSlot = async (work) => {
  if (!navigator.locks) return work();
  for (let n = 0, held = false; n < SLOTS && !held; n++) {
    await navigator.locks.request(`stream-${n}`, { ifAvailable: true }, (lock) => { held = Boolean(lock); return lock && work(); });
  }
};
