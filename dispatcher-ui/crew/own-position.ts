import type { Reading } from './own-fixes.ts';
import type { Sharing } from './phone-state.ts';

export interface OwnPosition {
  stop(): void;
}

/** Standing still a phone reports nothing: it is asked. */
const ASK_AFTER_MS = 60_000;
const LOST_AFTER_MS = 150_000;
const LOOK_EVERY_MS = 10_000;

/** Watches the phone's own position until it is stopped. Each reading is told as it is: none is made up. */
export function watchOwnPosition(onReading: (reading: Reading) => void, onSharing: (sharing: Sharing) => void): OwnPosition {
  // Browsers give a position to pages on a secure address only.
  if (!('geolocation' in navigator) || !window.isSecureContext) {
    onSharing('unsupported');
    return { stop: () => onSharing('off') };
  }
  const { geolocation } = navigator;
  const options: PositionOptions = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 60_000 };
  let lastAtMs = Date.now();
  let stopped = false;
  let asking = false;

  const heard = ({ coords, timestamp }: GeolocationPosition): void => {
    if (stopped) return;
    lastAtMs = Date.now();
    asking = false;
    onSharing('on');
    onReading({
      atMs: timestamp,
      lon: coords.longitude,
      lat: coords.latitude,
      accuracyMetres: coords.accuracy,
      speedMps: coords.speed,
      // NaN while standing still.
      headingDegrees: coords.heading === null || Number.isNaN(coords.heading) ? null : coords.heading,
    });
  };
  const failed = (error: GeolocationPositionError): void => {
    asking = false;
    if (stopped) return;
    if (error.code === error.PERMISSION_DENIED) onSharing('denied');
    else if (Date.now() - lastAtMs > LOST_AFTER_MS) onSharing('lost');
  };

  onSharing('starting');
  const watch = geolocation.watchPosition(heard, failed, options);
  const timer = setInterval(() => {
    const silentMs = Date.now() - lastAtMs;
    if (silentMs > LOST_AFTER_MS) onSharing('lost');
    if (silentMs > ASK_AFTER_MS && !asking) {
      asking = true;
      geolocation.getCurrentPosition(heard, failed, { ...options, maximumAge: 0 });
    }
  }, LOOK_EVERY_MS);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      geolocation.clearWatch(watch);
      onSharing('off');
    },
  };
}
