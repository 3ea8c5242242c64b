import type { z } from 'zod';
import type { SourceMapping } from '../mapping.ts';

/** Washington DC's 311 requests as Open Data DC publishes them (times in UTC, the ward named by its number). */
export const dc: z.input<typeof SourceMapping> = {
  source: 'dc311',
  columns: {
    sourceId: 'service_request_id',
    serviceType: 'service_code_description',
    reportedAt: 'opened_utc',
    lon: 'lon',
    lat: 'lat',
    address: 'street_address',
    status: 'status',
    closedAt: 'resolved_utc',
    updatedAt: 'last_seen_snapshot',
  },
  statuses: {
    Open: 'open',
    'Open (Duplicate)': 'duplicate',
    Closed: 'closed',
    'Closed (Duplicate)': 'duplicate',
    Canceled: 'cancelled',
  },
  areas: [{ kind: 'ward', column: 'ward' }],
};
