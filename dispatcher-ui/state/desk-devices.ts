import type { Device, EnrolmentCode } from '../../server/stores/accounts/contract.ts';
import { api } from './api.ts';
import { refused } from './desk-actions.ts';
import type { Desk } from './desk.ts';

/** A code that signs one phone in for a vehicle; null when it was refused, which the desk has then said. */
export async function askForCode(
  desk: Desk,
  wanted: { readonly vehicleId: string; readonly label: string },
  again: () => void,
): Promise<EnrolmentCode | null> {
  try {
    return await api.post<EnrolmentCode>('/api/devices/codes', wanted);
  } catch (error) {
    refused(desk, error, again);
    return null;
  }
}

/** Ends a phone or tracker: its token is refused from now on. */
export async function endDevice(desk: Desk, device: Pick<Device, 'id' | 'label'>): Promise<void> {
  try {
    await api.delete(`/api/devices/${device.id}`);
    desk.tell({ tone: 'ok', word: 'enrol.revoked', params: { label: device.label }, detail: null, undo: null, retry: null });
  } catch (error) {
    refused(desk, error, () => void endDevice(desk, device));
  }
}

/** Ends this browser's session; the page then says how to come back. */
export async function signOut(desk: Desk): Promise<void> {
  try {
    await api.delete('/api/session');
    desk.signedOut();
  } catch (error) {
    refused(desk, error, () => void signOut(desk));
  }
}
