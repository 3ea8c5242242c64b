import type { CityView } from '../../server/stages/city/contract.ts';
import { theCity } from './sample-city.ts';

/** The sample city as the citizens' pages see it: with several kinds of report, and a number to phone. */
export const reportCity: CityView = {
  ...theCity,
  requestTypes: {
    pothole: { label: 'Pothole', hint: 'A hole in the road', picture: 'hole', emergency: false, isWork: true },
    light: { label: 'Street light out', hint: null, picture: 'light', emergency: false, isWork: true },
    flood: { label: 'Water on the street', hint: 'A burst main', picture: 'water', emergency: true, isWork: true },
    other: { label: 'Something else', hint: null, picture: null, emergency: false, isWork: false },
  },
  emergencyPhone: '031-000 00',
};
