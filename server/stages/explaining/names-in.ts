import type { Coded, Why } from './contract.ts';

/** The ids of an answer that a person wants a name for. */
export function namesIn(why: Why): { jobIds: string[]; shiftIds: string[] } {
  const jobIds = new Set([why.jobId]);
  const shiftIds = new Set<string>();
  const look = ({ params }: Coded): void => {
    if (typeof params['shiftId'] === 'string') shiftIds.add(params['shiftId']);
    if (typeof params['cheapestShiftId'] === 'string') shiftIds.add(params['cheapestShiftId']);
    if (typeof params['jobId'] === 'string') jobIds.add(params['jobId']);
  };
  switch (why.answer) {
    case 'placed':
      shiftIds.add(why.shiftId);
      for (const one of why.alternatives) {
        shiftIds.add(one.shiftId);
        for (const { jobId } of [...one.slips, ...one.leftOut]) jobIds.add(jobId);
        for (const { jobId, shiftId } of one.moved) {
          jobIds.add(jobId);
          shiftIds.add(shiftId);
        }
      }
      for (const { shiftId, reason } of why.blocked) {
        shiftIds.add(shiftId);
        look(reason);
      }
      break;
    case 'fixed':
      shiftIds.add(why.shiftId);
      break;
    case 'left_out':
      look(why.reason);
      for (const { shiftId, blockedBy } of why.shifts) {
        shiftIds.add(shiftId);
        if (blockedBy !== null) look(blockedBy);
      }
      for (const { shiftId, changes } of why.changes) {
        shiftIds.add(shiftId);
        changes.forEach(look);
      }
      break;
    case 'not_asked':
      look(why.reason);
      break;
    default:
      why satisfies never;
  }
  return { jobIds: [...jobIds], shiftIds: [...shiftIds] };
}
