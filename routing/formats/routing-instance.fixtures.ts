import type { RoutingInstance, RoutingNode } from './routing-instance.ts';

const node = (over: Partial<RoutingNode>): RoutingNode => ({
  x: 0,
  y: 0,
  demand: 0,
  ready: 0,
  due: 100,
  service: 0,
  prize: 0,
  ...over,
});

/** A depot and three customers: 5 north-east of it, 8 north, 10 north-west. */
export const threeCustomers = (over: Partial<RoutingInstance> = {}): RoutingInstance => ({
  name: 'three',
  kind: 'VRPTW',
  nodes: [
    node({}),
    node({ x: 3, y: 4, demand: 4, due: 50, service: 5, prize: 7 }),
    node({ y: 8, demand: 4, ready: 10, due: 60, service: 5, prize: 9 }),
    node({ x: -6, y: 8, demand: 4, due: 70, service: 5, prize: 11 }),
  ],
  vehicles: [
    { capacity: 10, serves: null },
    { capacity: 10, serves: null },
  ],
  longestDuration: null,
  lengths: null,
  ...over,
});
