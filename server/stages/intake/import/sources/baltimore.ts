import type { z } from 'zod';
import type { SourceMapping } from '../mapping.ts';

/** Baltimore's 311 requests as Open Baltimore published them (its "+00" offsets; 39,-77 where it knew no place). */
export const baltimore: z.input<typeof SourceMapping> = {
  source: 'baltimore311',
  columns: {
    sourceId: 'servicerequestnum',
    serviceType: 'srtype',
    reportedAt: 'createddate',
    lon: 'longitude',
    lat: 'latitude',
    address: 'address',
    status: 'srstatus',
    closedAt: 'closedate',
    updatedAt: 'statusdate',
  },
  timeFormat: 'yyyy/MM/dd HH:mm:ssZ',
  statuses: {
    New: 'open',
    Open: 'open',
    Closed: 'closed',
    'Closed (Duplicate)': 'duplicate',
    'Closed (Transferred)': 'closed',
  },
  areas: [{ kind: 'council_district', column: 'councildistrict' }],
  dummyPoints: [{ lon: -77, lat: 39 }],
};
