import type { z } from 'zod';
import type { SourceMapping } from '../mapping.ts';

/**
 * The columns of GeoReport Bulk (open311.org), which many cities publish: times in ISO 8601, the service by its code
 * or its name in the city's catalogue.
 */
export const generic: z.input<typeof SourceMapping> = {
  source: 'generic',
  columns: {
    sourceId: ['service_request_id', 'id'],
    serviceType: ['service_code', 'service_name', 'service'],
    reportedAt: ['requested_datetime', 'reported_at'],
    lon: ['long', 'lon', 'longitude'],
    lat: ['lat', 'latitude'],
    address: 'address',
    status: ['status', 'status_description'],
    closedAt: ['closed_date', 'closed_datetime'],
    updatedAt: 'updated_datetime',
    words: 'description',
    contactEmail: 'email',
    contactPhone: 'phone',
  },
  statuses: {
    open: 'open',
    Open: 'open',
    Processing: 'open',
    Hold: 'open',
    closed: 'closed',
    Closed: 'closed',
    Duplicate: 'duplicate',
    Cancelled: 'cancelled',
    Canceled: 'cancelled',
  },
};
