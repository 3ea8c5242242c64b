/** How long a crew on its way has to acknowledge a recall or cancel before it counts as seen. */
export const RECALL_TIMEOUT_SECONDS = 10 * 60;

/** How long a completion waits for the device's fixes before its visit is settled with what has arrived. */
export const VERIFICATION_TIMEOUT_SECONDS = 2 * 3600;

/** A shift that ended without its device being heard of is looked at again after this long, for at most that long. */
export const SHIFT_END_AGAIN_SECONDS = 15 * 60;
export const SHIFT_END_GIVE_UP_SECONDS = 12 * 3600;
