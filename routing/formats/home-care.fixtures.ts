/** Two patients, the second with two services by two caregivers: 5 and 10 away from the office, 6 from each other. */
export const homeCareText = (synchronization: unknown = { type: 'simultaneous' }): string =>
  JSON.stringify(
    {
      patients: [
        { id: 'p1', time_window: [10, 20], required_caregivers: [{ service: 's1', duration: 4 }] },
        {
          id: 'p2',
          time_window: [0, 12.5],
          required_caregivers: [
            { service: 's1', duration: 4 },
            { service: 's2', duration: 3 },
          ],
          synchronization,
        },
      ],
      services: [{ id: 's1', default_duration: 4 }],
      caregivers: [
        { id: 'c1', abilities: ['s1'] },
        { id: 'c2', abilities: ['s2', 's1'] },
      ],
      central_offices: [{ id: 'd', location: [0, 0] }],
      distances: [
        [0, 5, 10],
        [5, 0, 6.125],
        [10, 6.125, 0],
      ],
    },
    null,
    2,
  );
